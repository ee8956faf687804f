package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.conv.Algorithms;
import dev.crema.examples.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvTest {
  private static final String TINY = "mb2ic4ih10oc4kh3ph1";

  private final int threads = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  @Test
  void every_algorithm_has_a_row_in_every_direction() {
    Shell conv = Shell.run("conv", TINY, "--dir", "all", "--mode", "CB");

    assertThat(conv.code()).as(conv.err()).isZero();
    for (String direction : new String[] {"fwd", "bwd_d", "bwd_w"}) {
      assertThat(conv.out())
          .contains("mb2ic4ih10oc4oh10kh3ph1  " + direction)
          .contains("./crema conv --dir " + direction);
    }
    Algorithms.all()
        .forEach(a -> assertThat(conv.out().split("\n  " + a.name() + " ", -1)).hasSize(4));
  }

  @Test
  void json_has_the_environment_and_the_measured_rows() throws IOException {
    Shell conv =
        Shell.run(
            "conv", TINY, "--alg", "im2col", "--max-ms", 5, "--threads", 1, "--format", "json");

    JsonNode all = new ObjectMapper().readTree(conv.out());
    assertThat(all.at("/environment/cpu").asText()).isEqualTo(Machine.here().cpu());
    assertThat(all.at("/environment/threads").asInt()).isEqualTo(1);
    assertThat(all.at("/environment/command").asText()).startsWith("./crema conv " + TINY);
    assertThat(all.at("/layers/0/rows/0/speed/gflops").asDouble()).isPositive();
  }

  @Test
  void a_bundled_file_is_found_matched_and_given_another_batch() {
    Shell conv =
        Shell.run(
            "conv",
            "--batch",
            "lenet",
            "--match",
            "lenet5:c[35]",
            "--mb",
            1,
            "--mode",
            "C",
            "--alg",
            "im2col",
            "--format",
            "csv");

    assertThat(conv.lines()).hasSize(3);
    assertThat(conv.lines().get(1)).startsWith("lenet5:c3,mb1ic6ih14oc16oh10kh5ph0,fwd,f32,");
  }

  @Test
  void a_report_is_written(@TempDir Path folder) {
    Shell conv =
        Shell.run("conv", TINY, "--alg", "im2col", "--max-ms", 5, "--report", folder.resolve("r"));

    assertThat(conv.code()).as(conv.err()).isZero();
    assertThat(conv.lastLine()).contains("index.html");
    assertThat(folder.resolve("r/index.html")).content().contains("<svg").doesNotContain("http");
    assertThat(folder.resolve("r/results.json")).isNotEmptyFile();
  }

  @Test
  void what_cannot_be_meant_is_a_usage_error(@TempDir Path folder) throws IOException {
    refused("'kx'", "conv", "ic1ih3oc1kx1");
    refused("no problem given", "conv");
    refused("no problem matches 'x+'", "conv", TINY, "--match", "x+");
    refused("--match", "conv", TINY, "--match", "(");
    refused("'alexnett'", "conv", "--batch", "alexnett");
    refused("'up'", "conv", TINY, "--dir", "up");
    refused("'im2cl'", "conv", TINY, "--alg", "im2cl");
    refused("'X'", "conv", TINY, "--mode", "X");
    refused("'f16'", "conv", TINY, "--dtype", "f16");
    refused("'xml'", "conv", TINY, "--format", "xml");
    refused("--threads", "conv", TINY, "--threads", 0);
    refused("--max-ms", "conv", TINY, "--max-ms", 0);
    refused("mb", "conv", TINY, "--mb", 0);
    Path file = Files.createFile(folder.resolve("file"));
    refused("--report", "conv", TINY, "--report", file.resolve("r"));
  }

  private static void refused(String words, Object... args) {
    Shell shell = Shell.run(args);
    assertThat(shell.code()).as(shell.err()).isEqualTo(2);
    assertThat(shell.err()).contains(words).doesNotContain("\tat ");
  }
}
