package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundle for bare machines: made, and run where there is nothing but coreutils. */
@OnCpuDriver
final class BundleTest {
  private static final List<String> COREUTILS =
      List.of("cat", "date", "dirname", "mkdir", "uname", "ls", "rm");

  @TempDir static Path folder;
  private static Path bundle = Path.of("bundle");
  private static Path path = Path.of("path");

  @BeforeAll
  static void makeIt() throws IOException {
    bundle = folder.resolve("bundle");
    var made = make(bundle);
    assertThat(made.exit()).as(made.out() + made.err()).isZero();
    path = Files.createDirectory(folder.resolve("path"));
    for (String tool : COREUTILS) {
      Path found = Path.of("/usr/bin", tool);
      assumeTrue(Files.exists(found), "no " + found);
      Files.copy(found, path.resolve(tool), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  @Test
  void withoutAGpuPartsAreSkippedAndSaySo() throws IOException {
    NoGpuTest.assumeNoDriver();
    Path results = run(3, "empty", Map.of(), "doctor", "sanitize", "train", "bench");
    assertThat(results.resolve("doctor.txt"))
        .content()
        .contains("commit " + Files.readString(bundle.resolve("commit")).strip())
        .contains("backends", "skipped: there is no NVIDIA driver")
        .doesNotContain("incubator", "commit unknown");
    assertThat(results.resolve("doctor.part.json"))
        .content()
        .contains("\"skipped\", \"exit\": 3", "\"reason\": \"there is no NVIDIA driver");
    assertThat(results.resolve("sanitize.txt")).content().contains("skipped: there is no");
    assertThat(results.resolve("train-lenet-f32.txt"))
        .content()
        .contains("lenet's claim is not tested: CREMA_DATA is not set");
    for (String part : List.of("profile-lenet", "conv-alexnet")) {
      JsonNode verdict = new ObjectMapper().readTree(results.resolve(part + ".part.json").toFile());
      assertThat(verdict.get("state").asText()).as(part).isEqualTo("skipped");
      assertThat(verdict.get("reason").asText()).as(part).startsWith("there is no NVIDIA driver");
    }
    assertThat(results.resolve("pytorch.part.json")).content().contains("\"reason\": ");
    assertThat(results.resolve("soak.json")).content().contains("\"complete\" : true", "no GPU: ");
  }

  @Test
  void theSuiteRunsFromIt() throws IOException {
    Path results =
        run(
            0,
            "driver",
            Map.of(
                "CREMA_JAVA_OPTS",
                String.join(" ", Java.onCpuDriver()),
                "CREMA_CUDA_LIBS",
                CpuDriver.library().toAbsolutePath().resolveSibling("").toString()),
            "doctor",
            "dev.crema.natives.GpuConformanceTest#errors",
            "dev.crema.natives.CudaConformanceTest#errors");
    assertThat(results.resolve("doctor.txt")).content().contains("CPU-executing test device");
    for (String test : List.of("GpuConformanceTest#errors", "CudaConformanceTest#errors")) {
      assertThat(results.resolve(test + ".txt")).content().contains("passed, 0 failed, 0 skipped");
      assertThat(results.resolve(test + ".part.json")).content().contains("\"passed\"");
    }
  }

  @Test
  void theCommandLineThatHintsNameIsThere() {
    var result = Java.run(List.of(bundle.resolve("crema").toString(), "models"), Map.of(), folder);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("alexnet");
  }

  @Test
  void whatItDoesNotKnowIsSaidBeforeAnythingIsMade() throws IOException {
    Path results = run(2, "wrong", Map.of(), "doctor", "foo");
    assertThat(results).doesNotExist();
  }

  @Test
  void onlyABundleIsReplaced() throws IOException {
    Path precious = Files.createDirectory(folder.resolve("precious"));
    Files.createFile(precious.resolve("work"));
    var made = make(precious);
    assertThat(made.exit()).isEqualTo(2);
    assertThat(made.err()).contains("neither an empty folder nor an earlier bundle");
    assertThat(precious.resolve("work")).exists();
  }

  private static Java.Result make(Path to) {
    Path home = Path.of(System.getProperty("crema.home")).toAbsolutePath().normalize();
    return Java.run(
        List.of(home.resolve("native-tests/bundle/make").toString(), to.toString()),
        Map.of("CREMA_JAVA_HOME", System.getProperty("java.home")),
        folder);
  }

  private static Path run(int code, String name, Map<String, String> environment, String... parts)
      throws IOException {
    Path empty = Files.createDirectory(folder.resolve(name));
    List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i", "PATH=" + path));
    environment.forEach((key, value) -> command.add(key + "=" + value));
    command.add("CREMA_RESULTS=" + empty.resolve("results"));
    command.add(bundle.resolve("run").toString());
    command.addAll(List.of(parts));
    var result = Java.run(command, Map.of(), empty);
    assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(code);
    return empty.resolve("results");
  }
}
