package dev.crema.examples.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.bench.turns.Peer;
import dev.crema.nn.io.Safetensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The race with PyTorch: Crema's side, and the race itself between sides that know no library. */
class TurnsTest {
  private static final Path SCRIPTS =
      Path.of(System.getProperty("crema.home", ".."), "bench/peers/pytorch").toAbsolutePath();

  @TempDir Path folder;

  private static List<JsonNode> answers(String... requests) throws IOException {
    var out = new StringWriter();
    Peer.answer(
        new BufferedReader(new StringReader(String.join("\n", requests))),
        new PrintWriter(out, true));
    List<JsonNode> answers = new ArrayList<>();
    for (String line : out.toString().lines().toList()) {
      answers.add(new ObjectMapper().readTree(line));
    }
    return answers;
  }

  private String prepare(String task, String precision) {
    return "{\"do\": \"prepare\", \"device\": \"cpu\", \"precision\": \"%s\", \"file\": \"%s\", %s}"
        .formatted(precision, folder.resolve("state.safetensors"), task);
  }

  @Test
  void a_network_is_handed_over_with_its_input_and_runs() throws IOException {
    String task = "\"task\": \"train\", \"model\": \"lenet\", \"batch\": 4";
    List<JsonNode> answers =
        answers(
            prepare(task, "f32"),
            "{\"do\": \"value\"}",
            "{\"do\": \"run\", \"steps\": 2}",
            "{\"do\": \"value\"}",
            "{\"do\": \"memory\"}");
    assertThat(Safetensors.read(folder.resolve("state.safetensors")))
        .containsKeys("features.0.weight", "classifier.4.bias", "input", "labels");
    double before = answers.get(1).get("value").asDouble();
    assertThat(before).isCloseTo(Math.log(10), within(0.3));
    assertThat(answers.get(2).get("seconds").asDouble()).isPositive();
    assertThat(answers.get(3).get("value").asDouble()).isLessThan(before);
    assertThat(answers.get(4).get("bytes").asLong()).isPositive();
  }

  @Test
  void a_convolution_says_its_sizes() throws IOException {
    String task = "\"task\": \"conv\", \"problem\": \"mb2ic3ih8oc4oh4kh3sh2ph1\"";
    List<JsonNode> answers =
        answers(prepare(task, "f32"), "{\"do\": \"value\"}", "{\"do\": \"run\", \"steps\": 1}");
    assertThat(answers.getFirst().get("sizes").get("stride").toString()).isEqualTo("[2,2]");
    assertThat(answers.get(1).get("value").asDouble()).isCloseTo(27 * 0.8, within(10.0));
  }

  @Test
  void what_cannot_be_done_is_told_and_the_next_request_is_answered() throws IOException {
    List<JsonNode> answers =
        answers(
            "{\"do\": \"value\"}",
            prepare("\"task\": \"infer\", \"model\": \"lenet\", \"batch\": 1", "bf16"),
            "{\"do\": \"nothing\"}",
            "{\"do\": \"info\"}",
            "{\"do\": \"quit\"}",
            "{\"do\": \"info\"}");
    assertThat(answers).hasSize(4);
    assertThat(answers.get(0).get("error").asText()).contains("nothing is prepared");
    assertThat(answers.get(1).get("error").asText()).contains("CPU has no bf16");
    assertThat(answers.get(3).get("name").asText()).isEqualTo("Crema");
  }

  @Test
  void the_race_takes_turns_and_prints_ratios() throws Exception {
    Path json = folder.resolve("rows.json");
    String out = race(0, "0.01 1", "0.02 1.0001", "--precision", "f32", "--json", json.toString());
    assertThat(out).contains("train lenet 64").contains("2.00x (2.00 to 2.00)  memory 0.50x");
    JsonNode row = new ObjectMapper().readTree(json.toFile()).get(0);
    assertThat(row.get("ratio").asDouble()).isCloseTo(2, within(1e-9));
    assertThat(row.get("crema_ms")).hasSize(7);
    assertThat(row.get("graphs").asBoolean()).isFalse();
  }

  @Test
  void rows_of_graphs_say_so() throws Exception {
    Path json = folder.resolve("rows.json");
    String out =
        race(0, "0.01 1", "0.02 1", "--precision", "f32", "--graphs", "--json", json.toString());
    assertThat(out).contains("eager    graphs   Crema");
    assertThat(new ObjectMapper().readTree(json.toFile()).get(0).get("graphs").asBoolean())
        .isTrue();
  }

  @Test
  void graphs_are_crema_s_and_need_a_gpu() throws IOException {
    List<JsonNode> answers =
        answers(
            prepare(
                "\"task\": \"train\", \"model\": \"lenet\", \"batch\": 1, \"graphs\": true", "f32"),
            prepare(
                "\"task\": \"conv\", \"problem\": \"mb2ic3ih8oc4oh4kh3sh2ph1\", \"graphs\": true",
                "f32"));
    assertThat(answers.get(0).get("error").asText()).contains("expected a CUDA device, got cpu");
    assertThat(answers.get(1).get("error").asText()).contains("no graphs");
  }

  @Test
  void sides_that_differ_or_refuse_are_not_timed() throws Exception {
    assertThat(race(1, "0.01 1", "0.02 1.1", "--precision", "f32"))
        .contains("they differ: Crema has 1.0, PyTorch 1.1");
    assertThat(race(1, "0.01 1", "0.02 1", "--precision", "bf16")).contains("no bf16");
    assertThat(race(2, "0.01 1", "0.02 1", "--precision", "f8"))
        .contains("--precision: expected some of f32, tf32, bf16");
  }

  @Test
  void what_is_called_wrongly_is_said_in_a_line() throws Exception {
    String standIn = "python3 " + SCRIPTS.resolve("stand_in.py") + " 1 1";
    String script = SCRIPTS.resolve("race.py").toString();
    assertThat(python(1, script, "--crema", standIn, "--pytorch", standIn, "--task", "foo"))
        .isEqualTo("race: expected 'train|infer MODEL BATCH' or 'conv PROBLEM', got 'foo'\n");
    assertThat(python(1, script, "--crema", standIn, "--task", "train vgg 8"))
        .contains("expected a model of lenet, alexnet");
    assertThat(python(1, script, "--crema", "/nope/java", "--pytorch", standIn))
        .startsWith("race: Crema's side does not start: ")
        .hasLineCount(1);
    assertThat(python(1, script, "--crema", standIn, "--pytorch", "python3 -c pass"))
        .isEqualTo("race: PyTorch's side has ended, with exit code 0: python3 -c pass\n");
    assertThat(python(2, script, "--crema", standIn, "--mode", "fast"))
        .contains("--mode: expected some of eager, compile");
    assertThat(python(0, script, "--help")).contains("default: 7", "train resnet50 64");
  }

  @Test
  void the_scripts_compile() throws Exception {
    for (String script : List.of("nets.py", "peer.py", "race.py")) {
      assertThat(
              python(
                  0,
                  "-c",
                  "compile(open(r'%s').read(), 'x', 'exec')".formatted(SCRIPTS.resolve(script))))
          .isEmpty();
    }
  }

  private String race(int exit, String crema, String pytorch, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(SCRIPTS.resolve("race.py").toString());
    command.addAll(List.of("--crema", "python3 " + SCRIPTS.resolve("stand_in.py") + " " + crema));
    command.addAll(
        List.of("--pytorch", "python3 " + SCRIPTS.resolve("stand_in.py") + " " + pytorch));
    command.addAll(List.of("--mode", "eager", "--task", "train lenet 64"));
    command.addAll(List.of(options));
    return python(exit, command.toArray(String[]::new));
  }

  private String python(int exit, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", "-B"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      abort("there is no python3: " + e.getMessage());
      throw e;
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isEqualTo(exit);
    return out;
  }
}
