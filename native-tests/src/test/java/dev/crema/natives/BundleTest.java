package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
      List.of("cat", "date", "dirname", "mkdir", "uname", "ls");

  @TempDir static Path folder;
  private static Path bundle = Path.of("bundle");
  private static Path path = Path.of("path");

  @BeforeAll
  static void make() throws IOException {
    Path home = Path.of(System.getProperty("crema.home")).toAbsolutePath().normalize();
    bundle = folder.resolve("bundle");
    var made =
        Java.run(
            List.of(home.resolve("native-tests/bundle/make").toString(), bundle.toString()),
            Map.of("CREMA_JAVA_HOME", System.getProperty("java.home")),
            folder);
    assertThat(made.exit()).as(made.out() + made.err()).isZero();
    path = Files.createDirectory(folder.resolve("path"));
    for (String tool : COREUTILS) {
      Path found = Path.of("/usr/bin", tool);
      assumeTrue(Files.exists(found), "no " + found);
      Files.copy(found, path.resolve(tool), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  @Test
  void theDoctorRunsFromAnEmptyFolder() throws IOException {
    Path results = run("empty", Map.of(), "doctor");
    assertThat(results.resolve("doctor.txt")).content().contains("backends", "libcuda.so");
    assertThat(results.resolve("doctor.part.json")).content().contains("\"exit\": 0");
  }

  @Test
  void theTestsFindADriverAndSayWhatTheyGave() throws IOException {
    Path results =
        run(
            "driver",
            Map.of(
                "CREMA_JAVA_OPTS",
                String.join(" ", Java.onCpuDriver()),
                "CREMA_CUDA_LIBS",
                CpuDriver.library().toAbsolutePath().resolveSibling("").toString()),
            "doctor",
            "sanitize");
    assertThat(results.resolve("doctor.txt")).content().contains("CPU-executing test device");
    assertThat(results.resolve("sanitize.txt")).content().contains("skipped: there is no");
  }

  private static Path run(String name, Map<String, String> environment, String... parts)
      throws IOException {
    Path empty = Files.createDirectory(folder.resolve(name));
    List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i", "PATH=" + path));
    environment.forEach((key, value) -> command.add(key + "=" + value));
    command.add("CREMA_RESULTS=" + empty.resolve("results"));
    command.add(bundle.resolve("run").toString());
    command.addAll(List.of(parts));
    var result = Java.run(command, Map.of(), empty);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    return empty.resolve("results");
  }
}
