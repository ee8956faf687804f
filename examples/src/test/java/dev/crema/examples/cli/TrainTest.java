package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.crema.cpu.Parallel;
import dev.crema.examples.Shell;
import dev.crema.nn.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainTest {
  private static final JsonMapper JSON = new JsonMapper();
  private final int threadsBefore = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threadsBefore);
  }

  @Test
  void ends_with_the_test_accuracy_and_leaves_weights_metrics_and_settings(@TempDir Path out)
      throws IOException {
    Shell train = Shell.run("train", "lenet", "--limit", 256, "--epochs", 2, "--out", out);

    assertThat(train.code()).as(train.err()).isZero();
    assertThat(train.err()).isEmpty();
    assertThat(train.lines())
        .anyMatch(
            line ->
                line.matches(
                    "epoch 2/2  loss \\d\\.\\d{4}  train \\d+\\.\\d\\d%  test \\d+\\.\\d\\d%"
                        + "  [\\d,]+ images/s"))
        .contains("writing to " + out, "saved " + out.resolve("model.safetensors"));
    assertThat(train.lastLine()).matches("test accuracy \\d+\\.\\d\\d% \\(\\d+/2000\\)");

    List<JsonNode> metrics = metrics(out);
    assertThat(metrics).extracting(m -> m.get("epoch").intValue()).containsExactly(1, 2);
    JsonNode last = metrics.getLast();
    assertThat(train.lastLine()).endsWith("(%d/2000)".formatted(last.get("test_correct").asInt()));
    assertThat(last.get("step").intValue()).isEqualTo(4);
    assertThat(last.get("images_per_second").doubleValue()).isPositive();

    JsonNode config = JSON.readTree(out.resolve("config.json").toFile());
    assertThat(config.at("/settings/model").asText()).isEqualTo("lenet");
    assertThat(config.at("/settings/optimizer").asText()).isEqualTo("adam");
    assertThat(config.at("/settings/schedule").asText()).isEqualTo("one-cycle");
    assertThat(config.at("/settings/threads").intValue()).isEqualTo(threadsBefore);
    assertThat(config.at("/environment/backend").asText()).isNotBlank();
    assertThat(Safetensors.readHeader(out.resolve("model.safetensors")).tensors())
        .containsKeys("features.0.weight", "classifier.4.bias");
  }

  @Test
  void the_command_in_the_settings_repeats_the_weights(@TempDir Path out) throws IOException {
    Path first = out.resolve("first");
    Path again = out.resolve("again");
    train(first, "lenet", "--limit", 128, "--steps", 3, "--seed", 5, "--optimizer", "sgd");

    String repeat = JSON.readTree(first.resolve("config.json").toFile()).get("repeat").asText();
    var words = new ArrayList<Object>(List.of(repeat.split(" ")));
    assertThat(words.removeFirst()).isEqualTo("./crema");
    words.addAll(List.of("--out", again));

    assertThat(Shell.run(words.toArray()).code()).isZero();
    assertThat(weights(again)).isEqualTo(weights(first));
  }

  @Test
  void the_same_seed_gives_the_same_bits_on_one_thread_and_on_two(@TempDir Path out)
      throws IOException {
    // With dropout and batch norm between the two networks, and images that are fitted.
    for (String model : List.of("simple-cnn-004", "cnn-batchnorm")) {
      Path one = out.resolve(model + "1");
      Path two = out.resolve(model + "2");
      Path other = out.resolve(model + "-other");
      train(one, model, "--limit", 128, "--epochs", 1, "--threads", 1);
      train(two, model, "--limit", 128, "--epochs", 1, "--threads", 2);
      train(other, model, "--limit", 128, "--epochs", 1, "--threads", 2, "--seed", 1);

      assertThat(weights(two)).as(model).isEqualTo(weights(one));
      assertThat(weights(other)).as(model).isNotEqualTo(weights(one));
    }
  }

  @Test
  void eval_gives_the_figure_of_the_run_to_the_digit(@TempDir Path out) {
    Shell train = train(out, "lenet", "--limit", 300, "--epochs", 2);
    Shell eval = Shell.run("eval", "lenet", "--checkpoint", out.resolve("model.safetensors"));

    assertThat(eval.code()).as(eval.err()).isZero();
    assertThat(eval.lastLine()).isEqualTo(train.lastLine());
  }

  @Test
  void limits_the_training_images_alone_and_says_so(@TempDir Path out) {
    Shell train = train(out, "lenet", "--limit", 64, "--steps", 1);

    assertThat(train.lines().getFirst())
        .isEqualTo("lenet on strokes: 64 training (--limit) and 2,000 test images, 10 classes");
  }

  @Test
  void resumes_from_the_weights_of_a_checkpoint(@TempDir Path out) throws IOException {
    Path first = out.resolve("first");
    Path second = out.resolve("second run");
    train(first, "lenet", "--limit", 64, "--steps", 1);
    Path checkpoint = first.resolve("model.safetensors");

    Shell resumed =
        train(second, "lenet", "--limit", 64, "--steps", 1, "--lr", 0, "--resume", checkpoint);

    assertThat(resumed.out())
        .contains("starting from the weights in " + checkpoint + ", with a fresh optimizer");
    assertThat(weights(second)).isEqualTo(weights(first));
    assertThat(JSON.readTree(second.resolve("config.json").toFile()).get("repeat").asText())
        .contains(" --resume " + checkpoint);
  }

  @Test
  void stops_after_its_steps_and_holds_no_more_memory_than_at_the_start(@TempDir Path out)
      throws IOException {
    Shell train =
        train(
            out, "simple-cnn-002", "--limit", 256, "--batch", 32, "--steps", 20, "--log-every", 1);

    List<JsonNode> steps =
        metrics(out).stream().filter(m -> m.get("kind").asText().equals("step")).toList();
    assertThat(steps).hasSize(20);
    assertThat(steps.getLast().get("step").intValue()).isEqualTo(20);
    assertThat(steps)
        .extracting(m -> m.get("live_bytes").longValue())
        .containsOnly(steps.get(4).get("live_bytes").longValue());
    assertThat(steps)
        .extracting(m -> m.get("live_buffers").longValue())
        .containsOnly(steps.get(4).get("live_buffers").longValue());
    assertThat(steps.getLast().get("loss").doubleValue())
        .isLessThan(steps.getFirst().get("loss").doubleValue());
    assertThat(train.out()).contains("step    20  loss ", " bytes in ");
  }

  @Test
  void every_optimizer_and_schedule_can_be_chosen(@TempDir Path out) {
    for (String optimizer : List.of("sgd", "adam", "adamw", "rmsprop")) {
      train(out.resolve(optimizer), "lenet", "--limit", 64, "--steps", 1, "--optimizer", optimizer);
    }
    for (String schedule : List.of("constant", "step", "cosine", "one-cycle")) {
      train(out.resolve(schedule), "lenet", "--limit", 128, "--steps", 2, "--schedule", schedule);
    }
  }

  private static Shell train(Path out, Object... args) {
    var words = new ArrayList<Object>(List.of("train"));
    words.addAll(List.of(args));
    words.addAll(List.of("--out", out));
    Shell train = Shell.run(words.toArray());
    assertThat(train.code()).as(train.err()).isZero();
    return train;
  }

  private static byte[] weights(Path out) throws IOException {
    return Files.readAllBytes(out.resolve("model.safetensors"));
  }

  private static List<JsonNode> metrics(Path out) throws IOException {
    var lines = new ArrayList<JsonNode>();
    for (String line : Files.readAllLines(out.resolve("metrics.jsonl"))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
