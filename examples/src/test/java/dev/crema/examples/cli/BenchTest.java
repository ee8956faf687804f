package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.cpu.Parallel;
import dev.crema.examples.Shell;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
  private final int threads = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  @Test
  void gemm_writes_its_rows_with_the_environment(@TempDir Path folder) throws IOException {
    Path json = folder.resolve("gemm.json");
    Shell bench =
        Shell.run(
            "bench", "gemm", "--match", "conv5", "--threads", 1, "--max-ms", 5, "--json", json);

    assertThat(bench.code()).as(bench.err()).isZero();
    assertThat(bench.lastLine())
        .matches("alexnet:conv5 256x169x2304 +\\S+ +\\S+ +\\S+ +GFLOP/s +\\d+.*");
    JsonNode all = new ObjectMapper().readTree(json.toFile());
    assertThat(all.at("/environment/threads").asInt()).isEqualTo(1);
    assertThat(all.at("/environment/command").asText()).startsWith("./crema bench gemm --match");
    assertThat(all.at("/peak/gflops").asDouble()).isPositive();
    JsonNode row = all.at("/measurements/0");
    assertThat(row.get("rate").asDouble() * row.get("minMs").asDouble())
        .isCloseTo(2e-6 * 256 * 169 * 2304, within(1e-6));
  }

  @Test
  void conv_names_the_algorithm_that_selection_takes() {
    Shell bench = Shell.run("bench", "conv", "--match", "alexnet:conv3", "--mb", 1, "--max-ms", 5);

    assertThat(bench.code()).as(bench.err()).isZero();
    assertThat(bench.lastLine()).matches("alexnet:conv3 mb1 fwd .* GFLOP/s +\\d+  \\S.*");
  }

  @Test
  void train_counts_images() {
    Shell bench = Shell.run("bench", "train", "--match", "lenet", "--max-ms", 5);

    assertThat(bench.code()).as(bench.err()).isZero();
    assertThat(bench.lastLine()).matches("lenet mb64 .* images/s +\\d+.*");
  }

  @Test
  void what_cannot_be_meant_is_a_usage_error() {
    refused("SUITE", "bench");
    refused("no row matches 'vgg'", "bench", "gemm", "--match", "vgg");
    refused("--threads", "bench", "train", "--threads", 0);
    refused("--mb", "bench", "conv", "--mb", 0);
    refused("'up'", "bench", "conv", "--dir", "up");
  }

  private static void refused(String words, Object... args) {
    Shell shell = Shell.run(args);
    assertThat(shell.code()).as(shell.err()).isEqualTo(2);
    assertThat(shell.err()).contains(words).doesNotContain("\tat ");
  }
}
