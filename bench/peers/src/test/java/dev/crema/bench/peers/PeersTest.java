package dev.crema.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {
  private final StringWriter text = new StringWriter();

  private int run(String... args) {
    return Peers.run(new PrintWriter(text, true), args);
  }

  @Test
  void aRowComesWithItsMeansAndAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("peers.json");

    int code =
        run(
            "--quick",
            "--only",
            "gemm",
            "--match",
            "192x729",
            "--threads",
            "1",
            "--json",
            "" + file);

    assertThat(text.toString())
        .contains("1 rows on [1] threads, about")
        .contains("alexnet:conv2 192x729x1600")
        .contains("geometric means");
    assertThat(code).isZero();
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.at("/environment/cpu").asText()).isNotEmpty();
    assertThat(json.at("/rows/0/entries/0/peer").asText()).isEqualTo("Crema");
    assertThat(json.at("/rows/0/entries/0/ms/median").asDouble()).isPositive();
  }

  @Test
  void mistakesAreSaid() {
    assertThat(run("--only", "gem")).isEqualTo(2);
    assertThat(run("--match", "nothing")).isEqualTo(2);
    assertThat(run("--match", "(")).isEqualTo(2);
    assertThat(run("--threads", "0")).isEqualTo(2);
    assertThat(text.toString())
        .contains("--only: expected gemm, conv, train or infer, got 'gem'")
        .contains("no row matches 'nothing'")
        .contains("--match: Unclosed group")
        .contains("--threads: expected at least 1, got 0");
  }
}
