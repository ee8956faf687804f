package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.crema.examples.Crema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A machine without a GPU. */
final class NoGpuTest {
  private static final Map<String, String> PLAIN = Map.of("CREMA_CUDA_LIBS", "");

  @Test
  void trainingOnCudaEndsInOneClearLine() {
    assumeNoDriver();
    var result = Java.run(List.of(), PLAIN, Crema.class, "train", "lenet", "--device", "cuda");
    assertThat(result.exit()).isNotZero();
    List<String> lines =
        result.err().lines().filter(l -> !l.startsWith("WARNING: Using incubator")).toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).contains("--device cuda", "libcuda.so.1", "Hint: ");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aProgramOfOnesOwnGetsTheReasonAndAHintThatFits() {
    assumeNoDriver();
    var result = Java.run(List.of(), PLAIN, FirstUse.class);
    assertThat(result.out())
        .startsWith(
            "then: DeviceException: device cuda: its backend cannot be used here: there is no"
                + " NVIDIA driver")
        .contains("Hint: mend that, or use what works: cpu")
        .doesNotContain("class or module path");
  }

  @Test
  void theDoctorSaysWhyAndTheRestWorks() {
    assumeNoDriver();
    var result = Java.run(List.of(), PLAIN, Crema.class, "doctor");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).containsPattern("cpu +works");
    assertThat(result.out()).containsPattern("cuda +cannot be used: .*libcuda\\.so\\.1");
  }

  @Test
  void theTestDriverIsNotFoundWithoutItsProperty() {
    assumeNoDriver();
    String folder = CpuDriver.library().toAbsolutePath().resolveSibling("").toString();
    var result = Java.run(List.of(), Map.of("CREMA_CUDA_LIBS", folder), Crema.class, "doctor");
    assertThat(result.out()).containsPattern("cuda +cannot be used");
  }

  static void assumeNoDriver() {
    boolean driver =
        List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/lib/wsl/lib").stream()
            .anyMatch(d -> Files.exists(Path.of(d, "libcuda.so.1")));
    assumeFalse(driver, "there is an NVIDIA driver here");
  }
}
