package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bundle's training runs are held to. */
final class ClaimTest {
  @TempDir Path folder;

  @Test
  void leNetNeedsItsAccuracyAfterThreeEpochs() throws IOException {
    assertThat(Claim.LENET.broken(run("0.99", "0.98", "0.987"))).isEmpty();
    assertThat(Claim.LENET.broken(run("0.99", "0.99", "0.9869")))
        .contains("expected at least 98.7 % of test images, got 98.69 %");
    assertThat(Claim.LENET.broken(run("0.99", "0.99")))
        .isEqualTo(Optional.of("expected 3 epochs, got 2"));
  }

  @Test
  void alexNetsLossMustFall() throws IOException {
    assertThat(Claim.ALEXNET.broken(run("0.1", "0.2"))).isEmpty();
    assertThat(Claim.ALEXNET.broken(run("0.2", "0.1")))
        .contains("expected a falling loss, got 0.8000 and then 0.9000");
  }

  /** Metrics of epochs with these accuracies, with a step before each. */
  private Path run(String... accuracies) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String accuracy : accuracies) {
      double loss = 1 - Double.parseDouble(accuracy);
      lines.append("{\"step\":1,\"loss\":9.0}\n");
      lines.append("{\"loss\":%s,\"test_accuracy\":%s}%n".formatted(loss, accuracy));
    }
    return Files.writeString(folder.resolve("metrics.jsonl"), lines);
  }
}
