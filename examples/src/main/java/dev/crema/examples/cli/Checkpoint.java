package dev.crema.examples.cli;

import dev.crema.nn.Module;
import dev.crema.nn.StateDictException;
import dev.crema.nn.io.Safetensors;
import dev.crema.nn.models.ModelSpec;
import dev.crema.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Weights on disk. What a run wrote says in its metadata which network it holds, so that another
 * one is refused in a line; a file from elsewhere must have the right tensors.
 *
 * @param option the option that named it, for errors
 * @param about its metadata
 */
record Checkpoint(String option, Path file, Map<String, String> about) {
  private static final String MODEL = "model";
  private static final String CLASSES = "classes";
  private static final String DATASET = "dataset";

  /** Finds a checkpoint, and refuses that of another network. */
  static Checkpoint open(String option, Path file, ModelSpec spec) {
    if (!Files.exists(file)) {
      throw new UserError("%s: there is no file %s".formatted(option, file));
    }
    var found = new Checkpoint(option, file, Safetensors.readHeader(file).metadata());
    String model = found.about.getOrDefault(MODEL, spec.name());
    if (!model.equals(spec.name())) {
      throw new UserError(
          "%s: %s holds the weights of %s, not of %s. Hint: name %s instead of %s"
              .formatted(option, file, model, spec.name(), model, spec.name()));
    }
    return found;
  }

  /** Refuses a checkpoint that tells another number of classes apart. */
  void requireClasses(int classes, String dataset) {
    String mine = about.getOrDefault(CLASSES, String.valueOf(classes));
    if (!mine.equals(String.valueOf(classes))) {
      throw new UserError(
          "%s: %s was trained on %s, which has %s classes; %s has %d. Hint: choose the --dataset that it was trained on"
              .formatted(
                  option,
                  file,
                  about.getOrDefault(DATASET, "another data set"),
                  mine,
                  dataset,
                  classes));
    }
  }

  /** Says so if these weights learnt from another data set. */
  void compare(String dataset, Terminal terminal) {
    String mine = about.getOrDefault(DATASET, dataset);
    if (!mine.equals(dataset)) {
      terminal.line("note: these weights were trained on %s, and this is %s", mine, dataset);
    }
  }

  /** Copies the weights into a network. */
  void load(Module network) {
    try (Scope _ = Scope.open("checkpoint")) {
      network.loadStateDict(Safetensors.read(file));
    } catch (StateDictException e) {
      throw new UserError("%s: %s: %s".formatted(option, file, e.getMessage()));
    }
  }

  /** The metadata of a checkpoint of this network. */
  static Map<String, String> about(String model, int classes, String dataset) {
    return Map.of(
        MODEL,
        model,
        CLASSES,
        String.valueOf(classes),
        DATASET,
        dataset,
        "crema",
        Version.number());
  }
}
