package dev.crema.examples.cli;

import dev.crema.nn.Module;
import dev.crema.nn.models.ModelSpec;
import dev.crema.tensor.Shape;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crema summary MODEL}: what a network is made of. */
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    description =
        "Prints a network, then its layers with output shapes, parameters and multiply-adds.",
    customSynopsis = "./crema summary MODEL [OPTIONS]",
    footer = {"", "Example: ./crema summary alexnet --batch 32"})
public final class SummaryCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ModelName model = new ModelName();

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many images at once. Default: ${DEFAULT-VALUE}")
  private int batch = 1;

  /** Prints to this terminal. */
  public SummaryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (batch < 1) {
      throw new UserError("--batch: expected at least 1 image, got " + batch);
    }
    ModelSpec spec = model.resolve();
    Shape image = spec.imageShape();
    try (Module network = spec.create()) {
      terminal.line("%s%n", network);
      terminal.line("%s", network.summary(batch, image.size(0), image.size(1), image.size(2)));
    }
    return 0;
  }
}
