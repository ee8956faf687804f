package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.bench.turns.Peer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crema's side of the race with PyTorch, as it is on a GPU: in bf16, and with captured steps. */
@OnCpuDriver
final class TurnsTest {
  private static final String LENET = "'task': 'train', 'model': 'lenet', 'batch': 2";

  @TempDir Path folder;

  @Test
  void stepsInBf16LearnAsThoseInF32() throws IOException {
    List<Double> f32 = values(LENET, "f32", false);
    List<Double> bf16 = values(LENET, "bf16", false);
    assertThat(bf16).isNotEqualTo(f32);
    assertThat(bf16.getFirst()).isCloseTo(f32.getFirst(), within(0.01));
    assertThat(bf16.getLast()).isLessThan(bf16.getFirst());
  }

  @Test
  void capturedStepsAreTheSame() throws IOException {
    for (String precision : List.of("f32", "bf16")) {
      for (String task :
          List.of(LENET, LENET + ", 'channels_last': true", LENET.replace("train", "infer"))) {
        assertThat(values(task, precision, true))
            .as(task + " " + precision)
            .isEqualTo(values(task, precision, false));
      }
    }
  }

  @Test
  void aConvolutionInBf16() throws IOException {
    String task = "'task': 'conv', 'problem': 'mb2ic3ih8oc4oh4kh3sh2ph1'";
    double f32 = values(task, "f32", false).getFirst();
    assertThat(values(task, "bf16", false).getFirst())
        .isNotEqualTo(f32)
        .isCloseTo(f32, within(0.01 * f32));
  }

  /** The value before and after four steps. */
  private List<Double> values(String task, String precision, boolean graphs) throws IOException {
    String requests =
        """
        {'do': 'prepare', 'device': 'cuda', 'precision': '%s', 'graphs': %s, 'file': '%s', %s}
        {'do': 'value'}
        {'do': 'run', 'steps': 4}
        {'do': 'value'}
        """
            .formatted(precision, graphs, folder.resolve("state.safetensors"), task);
    var out = new StringWriter();
    Peer.answer(
        new BufferedReader(new StringReader(requests.replace('\'', '"'))),
        new PrintWriter(out, true));
    List<String> answers = out.toString().lines().toList();
    assertThat(answers).as("answers").hasSize(4).noneMatch(line -> line.contains("error"));
    return List.of(value(answers.get(1)), value(answers.get(3)));
  }

  private static double value(String answer) throws IOException {
    return new ObjectMapper().readTree(answer).get("value").asDouble();
  }
}
