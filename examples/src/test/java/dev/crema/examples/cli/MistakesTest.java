package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.crema.backend.Backends;
import dev.crema.examples.Shell;
import dev.crema.nn.io.Safetensors;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong through no fault of the program gets a line that helps, and no stack trace. */
class MistakesTest {
  @Test
  void an_unknown_model_names_those_that_are_close(@TempDir Path out) {
    Shell wrong = Shell.run("train", "lennet", "--out", out);

    refused(wrong, 2, "no model 'lennet'", "lenet", "crema models");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void an_unknown_data_set_names_those_that_there_are() {
    refused(
        Shell.run("train", "lenet", "--dataset", "minst"),
        2,
        "no data set, folder or zip file 'minst'",
        "Did you mean mnist",
        "strokes, mnist, fashion-mnist, cifar10");
  }

  @Test
  void a_missing_data_set_says_where_it_was_looked_for_and_how_to_get_it(@TempDir Path data) {
    for (String name : List.of("mnist", "fashion-mnist", "cifar10")) {
      refused(
          Shell.run("train", "lenet", "--dataset", name, "--data", data),
          2,
          name + ": not found; looked in",
          data.toString(),
          "--download");
    }
  }

  @Test
  void a_file_that_cannot_be_written_is_named(@TempDir Path out) {
    Path trace = out.resolve("missing").resolve("trace.json");

    refused(
        Shell.run("profile", "lenet", "--trace", trace),
        2,
        "--trace %s: cannot be written: there is no folder".formatted(trace));
  }

  @Test
  void a_damaged_data_set_names_the_file(@TempDir Path data) throws IOException {
    Path images = data.resolve("mnist").resolve("train-images-idx3-ubyte");
    Files.createDirectories(images.getParent());
    Files.write(images, new byte[] {0, 0, 8, 3, 0, 0});
    Files.write(images.resolveSibling("train-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1});

    refused(
        Shell.run("train", "lenet", "--dataset", "mnist", "--data", data), 1, images.toString());
  }

  @Test
  void a_number_that_makes_no_sense_names_its_option(@TempDir Path out) {
    for (String option : List.of("--epochs", "--batch", "--limit", "--steps", "--threads")) {
      refused(Shell.run("train", "lenet", "--out", out, option, 0), 2, option, "at least 1");
    }
    refused(
        Shell.run("train", "lenet", "--out", out, "--threads", 99_999),
        2,
        "--threads: expected at most");
    refused(Shell.run("train", "lenet", "--out", out, "--lr", -1), 2, "--lr", "-1");
    refused(Shell.run("train", "lenet", "--out", out, "--lr", "x"), 2, "--lr", "'x'");
    refused(Shell.run("train", "lenet", "--optimizer", "adm"), 2, "adm", "sgd, adam");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void a_device_that_is_not_there_says_why(@TempDir Path out) {
    refused(
        Shell.run("train", "lenet", "--device", "tpu", "--out", out),
        2,
        "--device tpu: this build of Crema has no tpu backend. Hint: --device cpu");
    for (String name : List.of("gpu", "CUDA")) {
      refused(
          Shell.run("train", "lenet", "--device", name, "--out", out),
          2,
          "--device %s: there is no device of this name. Did you mean cuda?".formatted(name));
    }
    refused(
        Shell.run("train", "lenet", "--graphs", "--out", out),
        2,
        "--graphs: cpu has no graphs to run steps as. Hint: --device cuda");
    refused(
        Shell.run("train", "lenet", "--channels-last", "--out", out),
        2,
        "--channels-last: cpu computes row-major alone. Hint: --device cuda");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void a_machine_without_a_gpu_says_so_in_one_line(@TempDir Path out) {
    assumeThat(Backends.providers())
        .filteredOn(provider -> provider.type().equals("cuda"))
        .as("there is a GPU here")
        .allMatch(provider -> provider.unavailable().isPresent());
    Shell train = Shell.run("train", "lenet", "--device", "cuda", "--out", out);
    refused(train, 2, "--device cuda: cannot be used: there is no ", "Hint: --device cpu works");
    assertThat(train.err().lines()).hasSize(1);
    assertThat(out).isEmptyDirectory();
    refused(
        Shell.run("conv", "--device", "cuda"), 2, "--device cuda: cannot be used: there is no ");
  }

  @Test
  void a_checkpoint_that_is_missing_damaged_or_of_another_network_says_so(@TempDir Path folder)
      throws IOException {
    Path missing = folder.resolve("none.safetensors");
    refused(Shell.run("eval", "lenet", "--checkpoint", missing), 2, "there is no file " + missing);

    Path damaged = Files.write(folder.resolve("damaged.safetensors"), new byte[] {1, 2, 3});
    refused(
        Shell.run("eval", "lenet", "--checkpoint", damaged),
        1,
        damaged + ": not a safetensors file");

    Shell.run("train", "lenet", "--limit", 64, "--steps", 1, "--out", folder);
    Path lenet = folder.resolve("model.safetensors");
    refused(
        Shell.run("eval", "lenet5", "--checkpoint", lenet),
        2,
        lenet + " holds the weights of lenet, not of lenet5. Hint: name lenet instead of lenet5");
    refused(
        Shell.run("train", "lenet5", "--resume", lenet),
        2,
        "--resume: " + lenet + " holds the weights of lenet, not of lenet5");

    Path elsewhere = folder.resolve("elsewhere.safetensors");
    try (var _ = Scope.open("test")) {
      Safetensors.write(elsewhere, Safetensors.read(lenet));
    }
    refused(
        Shell.run("eval", "lenet5", "--checkpoint", elsewhere),
        2,
        "elsewhere.safetensors: ",
        "does not fit LeNet5",
        "missing: c1.weight",
        "unexpected: features.0.weight");
  }

  @Test
  void a_checkpoint_of_other_classes_names_both_data_sets(@TempDir Path folder) {
    Path file = folder.resolve("three.safetensors");
    try (var _ = Scope.open("test")) {
      Safetensors.write(
          file,
          Map.of("w", Tensor.zeros(1)),
          Map.of("model", "lenet", "classes", "3", "dataset", "pets.zip"));
    }
    refused(
        Shell.run("eval", "lenet", "--checkpoint", file),
        2,
        "was trained on pets.zip, which has 3 classes; strokes has 10. Hint: ");
  }

  @Test
  void a_loss_that_is_no_number_ends_the_run_and_spares_the_last_checkpoint(@TempDir Path out)
      throws IOException {
    Shell.run("train", "lenet", "--limit", 64, "--steps", 1, "--out", out);
    byte[] before = Files.readAllBytes(out.resolve("model.safetensors"));
    Files.delete(out.resolve("config.json"));
    Files.delete(out.resolve("metrics.jsonl"));

    refused(
        Shell.run(
            "train", "lenet", "--limit", 256, "--optimizer", "sgd", "--lr", "1e30", "--out", out),
        1,
        "not a finite number",
        "--lr");
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(before);
  }

  @Test
  void a_folder_that_cannot_be_written_ends_the_run_before_it_starts(@TempDir Path folder)
      throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Shell train = Shell.run("train", "lenet", "--limit", 64, "--out", file.resolve("run"));

    refused(train, 2, "--out: ", file + " is a file, not a folder");
    assertThat(train.out()).isEmpty();
  }

  @Test
  void a_folder_that_holds_a_run_is_refused_and_stays_as_it_is(@TempDir Path out)
      throws IOException {
    Shell.run("train", "lenet", "--limit", 64, "--steps", 1, "--out", out);
    for (String file : List.of("config.json", "metrics.jsonl")) {
      byte[] before = Files.readAllBytes(out.resolve(file));

      Shell train = Shell.run("train", "lenet", "--limit", 64, "--steps", 2, "--out", out);

      refused(train, 2, "--out: " + out, "there is a run in it. Hint: name another folder");
      assertThat(train.out()).isEmpty();
      assertThat(out.resolve(file)).hasBinaryContent(before);
      Files.delete(out.resolve(file)); // The other one is enough.
    }
  }

  @Test
  void the_stack_trace_is_there_for_those_who_ask() {
    Shell wrong = Shell.run("--stacktrace", "train", "lennet");

    assertThat(wrong.err()).contains("no model 'lennet'", "\tat dev.crema.examples.cli");
  }

  private static void refused(Shell command, int code, String... words) {
    assertThat(command.err()).contains(words).doesNotContain("\tat ", "Exception");
    assertThat(command.code()).as(command.err()).isEqualTo(code);
  }
}
