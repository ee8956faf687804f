package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crema.examples.Crema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jcuda.JCudaVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where native libraries come from. JCuda itself would load whatever lies under their names in
 * java.io.tmpdir.
 */
@OnCpuDriver
final class LoadingTest {
  private static final List<String> NAMES = List.of("JCudaDriver", "JCublas2", "JCudnn");

  @TempDir Path folder;

  @Test
  void truncatedLeftoversAreNotLoaded() throws IOException {
    for (String name : NAMES) {
      try (InputStream in = JCudaVersion.class.getResourceAsStream("/lib/" + file(name))) {
        Files.write(folder.resolve(file(name)), in.readNBytes(5000));
      }
    }
    assertWorksWithoutThem();
  }

  @Test
  void plantedLibrariesAreNotLoaded() throws IOException {
    Path marker = folder.resolve("planted");
    Path source = folder.resolve("planted.c");
    Files.writeString(
        source,
        """
        #include <stdio.h>
        __attribute__((constructor)) static void run(void) { fclose(fopen("%s", "w")); }
        """
            .formatted(marker));
    for (String name : NAMES) {
      String out = folder.resolve(file(name)).toString();
      var command = List.of("g++", "-x", "c++", "-shared", "-fPIC", "-o", out, source.toString());
      assertThat(Java.run(command, Map.of(), folder).exit()).isZero();
    }
    assertWorksWithoutThem();
    assertThat(marker).doesNotExist();
  }

  @Test
  void nothingIsLeftBehind() throws IOException {
    assertWorksWithoutThem();
    try (var files = Files.list(folder)) {
      assertThat(files.filter(f -> f.toString().contains("crema"))).isEmpty();
    }
  }

  @Test
  void foldersOfKilledProcessesAreRemoved() throws IOException {
    var longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    List<Path> folders = new ArrayList<>();
    long running = ProcessHandle.current().pid();
    for (String name : List.of("999999999-1", running + "-1", "999999999-2", "other")) {
      Path left = Files.createDirectory(folder.resolve("crema-cuda-" + name));
      Files.createFile(left.resolve("libJCublas2.so"));
      folders.add(left);
    }
    for (Path old : List.of(folders.get(0), folders.get(1), folders.get(3))) {
      Files.setLastModifiedTime(old, longAgo);
    }
    assertWorksWithoutThem();
    assertThat(folders.get(0)).as("of no process").doesNotExist();
    assertThat(folders.get(1)).as("of a process that runs").isDirectory();
    assertThat(folders.get(2)).as("young").isDirectory();
    assertThat(folders.get(3)).as("of an earlier version, without a number").doesNotExist();
  }

  @Test
  void aLibraryThatIsCutOffIsAnErrorAndNoCrash() throws IOException {
    Path whole = CpuDriver.library().resolveSibling("libcublas.so.13");
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("libcublas.so.13");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    var environment = Map.of("CREMA_CUDA_LIBS", folder.toString());
    var result = Java.run(Java.onCpuDriver(), environment, FirstUse.class);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains("libcublas.so.13 cannot be loaded: " + cut + ": the file is cut off")
        .contains("Hint: mend that, or use what works: ");
  }

  @ParameterizedTest
  @CsvSource({
    "conv=bogus, '-Dcrema.cuda.conv: expected heuristics or find, got ''bogus'''",
    "cudnn=nope, '-Dcrema.cuda.cudnn: expected on or off, got ''nope'''",
    "precision=fp16, '-Dcrema.cuda.precision: expected f32 or tf32, got ''fp16'''"
  })
  void anOptionWithoutThatValueIsOneClearError(String option, String error) {
    List<String> options = new ArrayList<>(Java.onCpuDriver());
    options.add("-Dcrema.cuda." + option);
    var result = Java.run(options, Map.of(), FirstUse.class);
    assertThat(result.out())
        .startsWith(
            "then: DeviceException: device cuda: its backend cannot be used here: " + error);
    var doctor = Java.run(options, Map.of(), Crema.class, "doctor");
    assertThat(doctor.out()).contains("cannot be used: " + error);
  }

  @Test
  void packagesOfThePythonOnThePathAreFound() throws IOException {
    var nothing = Map.of("CREMA_CUDA_LIBS", "", "PATH", "");
    var without = Java.run(Java.onCpuDriver(), nothing, FirstUse.class);
    assumeTrue(without.out().contains("there is no libcublas"), "cuBLAS is here without it");

    Path packages = folder.resolve("lib/python3.12/site-packages/nvidia");
    Path blas = Files.createDirectories(packages.resolve("cu13/lib")).resolve("libcublas.so.13");
    Path dnn = Files.createDirectories(packages.resolve("cudnn/lib")).resolve("libcudnn.so.9");
    for (Path library : List.of(blas, dnn)) {
      Files.copy(CpuDriver.library().resolveSibling(library.getFileName()), library);
    }
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Files.createFile(bin.resolve("python3"));

    var python = Map.of("CREMA_CUDA_LIBS", "", "PATH", bin.toString());
    var result = Java.run(Java.onCpuDriver(), python, FirstUse.class);
    assertThat(result.out()).as(result.err()).startsWith("then: sum 648.0");
    assertThat(result.out()).contains("mapped: " + blas, "mapped: " + dnn);
  }

  private void assertWorksWithoutThem() {
    List<String> options = new ArrayList<>(Java.onCpuDriver());
    options.add("-Djava.io.tmpdir=" + folder);
    var result = Java.run(options, Map.of(), FirstUse.class);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).startsWith("then: sum 648.0");
    List<String> mapped = result.out().lines().filter(l -> l.startsWith("mapped: ")).toList();
    assertThat(mapped).anyMatch(l -> l.contains("JCudaDriver"));
    for (String name : NAMES) {
      assertThat(mapped)
          .noneMatch(l -> l.matches("mapped: \\Q" + folder.resolve(file(name)) + "\\E( .*)?"));
    }
  }

  private static String file(String name) {
    return "lib%s-%s-linux-x86_64.so".formatted(name, JCudaVersion.get());
  }

  @Test
  void aCudnnForAnotherCudaThanCublasIsPassedOver() {
    var environment = Map.of("CREMA_TEST_CUDNN_CUDART", "12090");
    var result = Java.run(Java.onCpuDriver(), environment, FirstUse.class);
    assertThat(result.out())
        .startsWith("then: sum 648.0")
        .containsPattern(
            "without cuDNN: .*libcudnn.so.9 is made for CUDA 12, and the cuBLAS here for CUDA 13");
  }
}
