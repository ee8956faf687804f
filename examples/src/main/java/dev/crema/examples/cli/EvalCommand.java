package dev.crema.examples.cli;

import dev.crema.examples.run.DataSource;
import dev.crema.nn.CrossEntropyLoss;
import dev.crema.nn.Module;
import dev.crema.nn.models.ModelSpec;
import dev.crema.nn.optim.SGD;
import dev.crema.nn.train.Metrics;
import dev.crema.nn.train.Trainer;
import dev.crema.tensor.Device;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crema eval MODEL --checkpoint FILE}. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "./crema eval MODEL --checkpoint=FILE [OPTIONS]",
    description = "Judges saved weights on the test images. The last line is the test accuracy.",
    footerHeading = "%nExample:%n",
    footer = {
      "  ./crema eval lenet --dataset mnist \\",
      "      --checkpoint runs/lenet-mnist-20260131-120000/model.safetensors"
    })
public final class EvalCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ModelName model = new ModelName();

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      required = true,
      description = "Weights in safetensors, as './crema train' writes them.")
  private Path checkpoint = Path.of("");

  @ArgGroup(validate = false, heading = "%nData:%n", order = 1)
  private DataOptions data = new DataOptions();

  @ArgGroup(validate = false, heading = "%nMachine:%n", order = 2)
  private DeviceOptions device = new DeviceOptions();

  /** Prints to this terminal. */
  public EvalCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ModelSpec spec = model.resolve();
    Device target = device.select();
    var weights = Checkpoint.open("--checkpoint", checkpoint, spec);
    DataSource source = data.open(spec.imageShape(), null, terminal);
    int classes = source.test().numClasses();
    weights.requireClasses(classes, data.dataset);
    weights.compare(data.dataset, terminal);
    try (Module network = spec.create(classes).to(target)) {
      weights.load(network);
      Metrics test = judge(network, source, target);
      terminal.line("test loss %.4f, %,.0f images/s", test.loss(), test.samplesPerSecond());
      terminal.line("test accuracy %s", Words.accuracy(test.correct(), test.count()));
    }
    return 0;
  }

  private Metrics judge(Module network, DataSource source, Device target) {
    try (var progress = Progress.start(terminal, "testing", source.test().size(), "", 1)) {
      return new Trainer(network, new CrossEntropyLoss(), new SGD(network.parameters(), 0))
          .afterBatch(soFar -> progress.to(soFar.count(), " " + Words.percent(soFar.accuracy())))
          .evaluate(source.testBatches(target));
    }
  }
}
