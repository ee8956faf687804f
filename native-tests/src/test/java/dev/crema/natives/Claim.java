package dev.crema.natives;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.cuda.driver.Natives;
import dev.crema.examples.Crema;
import dev.crema.examples.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A network that is trained on a GPU, and what it must reach. */
public enum Claim {
  /** On MNIST, in 3 epochs. */
  LENET(3) {
    @Override
    Optional<String> broken(List<JsonNode> epochs) {
      double accuracy = epochs.getLast().get("test_accuracy").asDouble();
      return accuracy >= 0.987
          ? Optional.empty()
          : Optional.of(
              "expected at least 98.7 %% of test images, got %.2f %%".formatted(100 * accuracy));
    }

    @Override
    String dataset(Path folder) {
      return "mnist";
    }
  },
  /** On photos, in 2 epochs. */
  ALEXNET(2) {
    @Override
    Optional<String> broken(List<JsonNode> epochs) {
      double first = epochs.getFirst().get("loss").asDouble();
      double last = epochs.getLast().get("loss").asDouble();
      return last < first
          ? Optional.empty()
          : Optional.of("expected a falling loss, got %.4f and then %.4f".formatted(first, last));
    }

    @Override
    String dataset(Path folder) throws IOException {
      try (var files = Files.list(folder)) {
        return files
            .filter(f -> f.toString().endsWith(".zip"))
            .min(Path::compareTo)
            .orElse(folder)
            .toString();
      }
    }
  };

  /** The exit code of what could not be tested here. */
  static final int SKIPPED = 3;

  private final int epochs;

  Claim(int epochs) {
    this.epochs = epochs;
  }

  /** What is wrong with a run, given the metrics of its epochs; nothing when it is as claimed. */
  abstract Optional<String> broken(List<JsonNode> epochs);

  /** What {@code --dataset} is given. */
  abstract String dataset(Path folder) throws IOException;

  /** The same of a run's metrics.jsonl. */
  Optional<String> broken(Path metrics) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    for (String line : Files.readAllLines(metrics)) {
      JsonNode entry = new ObjectMapper().readTree(line);
      if (entry.has("test_accuracy")) {
        found.add(entry);
      }
    }
    return found.size() == epochs
        ? broken(found)
        : Optional.of("expected %d epochs, got %d".formatted(epochs, found.size()));
  }

  /**
   * Trains, given the network's name, the folder of its data, that of the results, and the
   * precision. Exit code 0: as claimed; 1: not so; 3: there is no GPU.
   */
  public static void main(String[] args) throws IOException {
    Claim claim = valueOf(args[0].toUpperCase(Locale.ROOT));
    String fault = Natives.get().fault();
    if (fault != null) {
      System.out.println("skipped: " + fault);
      System.exit(SKIPPED);
    }
    int code =
        Crema.run(
            Terminal.system(),
            "train",
            args[0],
            "--device=cuda",
            "--dataset=" + claim.dataset(Path.of(args[1])),
            "--epochs=" + claim.epochs,
            "--precision=" + args[3],
            "--out=" + args[2]);
    if (code == 0) {
      Optional<String> broken = claim.broken(Path.of(args[2], "metrics.jsonl"));
      System.out.println(args[0] + ", " + args[3] + ": " + broken.orElse("as claimed"));
      code = broken.isEmpty() ? 0 : 1;
    }
    System.exit(code == 0 ? 0 : 1);
  }
}
