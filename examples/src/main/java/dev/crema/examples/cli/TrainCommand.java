package dev.crema.examples.cli;

import dev.crema.backend.Backends;
import dev.crema.cpu.Parallel;
import dev.crema.examples.run.DataSource;
import dev.crema.examples.run.EpochReport;
import dev.crema.examples.run.PrecisionKind;
import dev.crema.examples.run.RunFolder;
import dev.crema.examples.run.Settings;
import dev.crema.examples.run.Training;
import dev.crema.nn.Module;
import dev.crema.nn.models.ModelSpec;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crema train MODEL}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "./crema train MODEL [OPTIONS]",
    description = {
      "Trains a network, and writes its weights and its progress.",
      "",
      "After every epoch the network is judged on the test images, and its weights"
          + " (model.safetensors) and progress (metrics.jsonl) are written; config.json has the"
          + " settings. The last line is the test accuracy."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./crema train lenet                      built-in digits: no file, no network",
      "  ./crema train lenet --dataset mnist      MNIST from CREMA_DATA or the cache",
      "  ./crema train lenet --dataset mnist --download",
      "  ./crema train alexnet --dataset photos.zip --steps 50",
      "  ./crema train simple-cnn --dataset cifar10 --epochs 10"
    })
public final class TrainCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Terminal terminal;

  @Mixin private ModelName model = new ModelName();

  @ArgGroup(validate = false, heading = "%nData:%n", order = 1)
  private DataOptions data = new DataOptions();

  @ArgGroup(validate = false, heading = "%nTraining:%n", order = 2)
  private TrainOptions training = new TrainOptions();

  @ArgGroup(validate = false, heading = "%nOutput:%n", order = 3)
  private OutputOptions output = new OutputOptions();

  @ArgGroup(validate = false, heading = "%nMachine:%n", order = 4)
  private DeviceOptions device = new DeviceOptions();

  /** What is written, and where. */
  static final class OutputOptions {
    @Option(
        names = "--out",
        paramLabel = "DIR",
        description =
            "The folder to write to, without a run in it. Default: runs/MODEL-DATASET-TIME")
    private @Nullable Path out;

    @Option(
        names = "--log-every",
        paramLabel = "N",
        description = "Print and log every N-th step. Default: with --steps, ten times; else never")
    private @Nullable Integer logEvery;
  }

  /** Prints to this terminal. */
  public TrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ModelSpec spec = model.resolve();
    Device target = device.select();
    Path out = output.out == null ? defaultFolder(spec) : output.out;
    RunFolder.obstacle(out)
        .ifPresent(
            obstacle -> {
              throw new UserError("--out: %s cannot be used: %s".formatted(out, obstacle));
            });
    Checkpoint start =
        training.resume() == null ? null : Checkpoint.open("--resume", training.resume(), spec);
    DataSource source = data.open(spec.imageShape(), training.limit(), terminal);
    int classes = source.train().numClasses();
    if (start != null) {
      start.requireClasses(classes, data.dataset);
      start.compare(data.dataset, terminal);
    }
    Settings settings =
        training.resolve(
            spec.name(), classes, source.train().size(), data, target, Parallel.numThreads());
    introduce(settings, source);
    RunFolder folder = RunFolder.start(out, RunConfig.of(settings));
    terminal.line("writing to %s%n", folder.path());
    Generator.manualSeed(settings.seed());
    EpochReport last;
    try (Module network = spec.create(classes).to(target);
        var console = new TrainConsole(terminal, settings, source, output.logEvery)) {
      if (start != null) {
        start.load(network);
      }
      Map<String, String> about = Checkpoint.about(spec.name(), classes, data.dataset);
      last = run(new Training(settings, network, source, folder, about, console), folder);
    }
    terminal.line("%nsaved %s", folder.checkpoint());
    terminal.line("test accuracy %s", Words.accuracy(last.testCorrect(), last.testTotal()));
    return 0;
  }

  /** Runs, and says on Ctrl-C what is left of it. */
  private EpochReport run(Training run, RunFolder folder) {
    var running = new AtomicBoolean(true);
    var whenStopped =
        new Thread(
            () -> {
              if (running.get()) {
                terminal.err().println(whatIsLeft(folder));
              }
            });
    Runtime.getRuntime().addShutdownHook(whenStopped);
    try {
      return run.run();
    } finally {
      running.set(false);
    }
  }

  private static String whatIsLeft(RunFolder folder) {
    return Files.exists(folder.checkpoint())
        ? "\nstopped; the last checkpoint is " + folder.checkpoint()
        : "\nstopped; there is no checkpoint yet";
  }

  private void introduce(Settings s, DataSource source) {
    terminal.line(
        "%s on %s: %,d training%s and %,d test images, %d classes",
        s.model(),
        s.dataset(),
        source.train().size(),
        s.limit() == null ? "" : " (--limit)",
        source.test().size(),
        s.classes());
    if (s.resume() != null) {
      terminal.line("starting from the weights in %s, with a fresh optimizer", s.resume());
    }
    terminal.line(
        "%s, learning rate %s %s, batches of %d, seed %d%s",
        s.optimizer(),
        s.lr(),
        s.schedule(),
        s.batch(),
        s.seed(),
        s.precision() == PrecisionKind.F32 ? "" : ", " + s.precision());
    terminal.line("%s: %s", s.device(), Backends.get(Device.parse(s.device())).description());
  }

  private Path defaultFolder(ModelSpec spec) {
    Path name = Path.of(data.dataset).toAbsolutePath().normalize().getFileName();
    String dataset = String.valueOf(name).replaceFirst("\\.zip$", "");
    String time = LocalDateTime.now(ZoneId.systemDefault()).format(TIME);
    return Path.of("runs", "%s-%s-%s".formatted(spec.name(), dataset, time));
  }
}
