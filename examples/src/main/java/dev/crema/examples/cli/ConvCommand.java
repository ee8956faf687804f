package dev.crema.examples.cli;

import dev.crema.bench.lab.Accuracy;
import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.lab.DeviceLab;
import dev.crema.bench.lab.Environment;
import dev.crema.bench.lab.Lab;
import dev.crema.bench.lab.LabOptions;
import dev.crema.bench.lab.LabOptions.Mode;
import dev.crema.bench.lab.Layer;
import dev.crema.bench.lab.ProblemException;
import dev.crema.bench.lab.ProblemFile;
import dev.crema.bench.profile.DeviceLimits;
import dev.crema.bench.report.HtmlReport;
import dev.crema.bench.report.LabOutput;
import dev.crema.cpu.conv.Algorithms;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code crema conv}: the convolution lab. */
@Command(
    name = "conv",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "./crema conv [OPTIONS] [PROBLEM...]",
    description = {
      "Measures convolution algorithms side by side.",
      "",
      "Each is checked against f64 and timed in turns: how far off, how fast, how close to the"
          + " machine's limits, with how much memory. docs/lab.md says how to read a row.",
      "",
      "A problem is written as oneDNN's benchdnn writes it, such as"
          + " mb32ic64ih27oc192oh27kh5ph2n\"alexnet:conv2\". What can be deduced may be left out;"
          + " dh and dw count from 0.",
      "",
      "A result counts as FAILED when it is further from f64 than rounding explains: "
          + Accuracy.RULE
          + ". Errors are relative to the root mean square of the right result."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./crema conv mb8ic64ih56oc64kh3ph1                  one problem",
      "  ./crema conv --batch alexnet --dir all --report r   a net's layers, with plots",
      "  ./crema conv --batch resnet50 --match layer3 --mb 8 --alg im2col"
    })
public final class ConvCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "PROBLEM", arity = "0..*", description = "Problems")
  private List<String> problems = new ArrayList<>();

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description =
          "A file of problems, or one of lenet, alexnet, vgg16, resnet50, googlenet, mobilenet_v2,"
              + " deepbench")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--match",
      paramLabel = "REGEX",
      description = "Only problems in whose text this is found")
  private String match = "";

  @Option(names = "--mb", paramLabel = "N", description = "As many images, whatever a problem says")
  private @Nullable Integer batch;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      split = ",",
      defaultValue = "fwd",
      description = "fwd, bwd_d (the input's gradient), bwd_w (the weight's) or all. Default: fwd")
  private List<String> directions = new ArrayList<>();

  @Option(
      names = "--alg",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "all",
      description = "Algorithms, or all. Default: all")
  private List<String> algorithms = new ArrayList<>();

  @Option(
      names = "--mode",
      paramLabel = "LETTERS",
      defaultValue = "CP",
      description =
          "C correctness, P performance (of what is correct), B the same bits on 1 and on many"
              + " threads. Default: CP")
  private String modes = "";

  @Option(names = "--threads", paramLabel = "N", description = "Threads that compute. Default: all")
  private @Nullable Integer threads;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description =
          "cpu, or cuda: cuDNN's algorithms and im2col with cuBLAS, each timed on the device with"
              + " operands that are in no cache; --alg, --mode, --threads and --cold-cache are for"
              + " the CPU. Default: cpu")
  private String device = "";

  @Option(names = "--cold-cache", description = "Empty the caches before each timed call")
  private boolean coldCache;

  @Option(
      names = "--max-ms",
      paramLabel = "MS",
      defaultValue = "300",
      description = "How long each row is timed, once it is warm. Default: 300")
  private double maxMs;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      defaultValue = "f32",
      description = "f32 or f64. Default: f32")
  private String dtype = "";

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table, csv or json. Default: table")
  private LabOutput.Format format = LabOutput.Format.TABLE;

  @Option(
      names = "--report",
      paramLabel = "FOLDER",
      description = "Write a page with plots there, and the results as JSON and CSV")
  private @Nullable Path report;

  /** Prints to this terminal. */
  public ConvCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Device target = DeviceOptions.select(device);
    List<ConvProblem> wanted;
    try {
      wanted = problems();
    } catch (ProblemException e) {
      throw new UserError(e.getMessage() == null ? e.toString() : e.getMessage());
    }
    List<Direction> dirs = Arguments.directions(directions);
    BiFunction<ConvProblem, Direction, Layer> lab = lab(target);
    Environment environment = LabEnvironment.here(spec, target);
    var outputs = new ArrayList<LabOutput>(List.of(format.to(terminal.out())));
    if (report != null) {
      outputs.add(report(report));
    }
    outputs.forEach(output -> output.begin(environment));
    boolean passed = true;
    for (ConvProblem problem : wanted) {
      for (Direction direction : dirs) {
        Layer layer = lab.apply(problem, direction);
        outputs.forEach(output -> output.layer(layer));
        passed &= layer.passed();
      }
    }
    outputs.forEach(LabOutput::end);
    if (report != null && format == LabOutput.Format.TABLE) {
      terminal.line("%nreport: %s", report.resolve("index.html"));
    }
    return passed ? 0 : 1;
  }

  private BiFunction<ConvProblem, Direction, Layer> lab(Device target) {
    LabOptions options = options();
    if (target.equals(Device.cpu())) {
      return new Lab(options)::measure;
    }
    boolean plain = options.modes().equals(EnumSet.of(Mode.CORRECTNESS, Mode.PERFORMANCE));
    if (!target.type().equals("cuda")
        || options.named()
        || !plain
        || threads != null
        || coldCache) {
      throw new UserError(
          "--device %s: expected cpu, or cuda without --alg, --mode, --threads and --cold-cache"
              .formatted(device));
    }
    var lab = new DeviceLab(target, options.maxMs(), DeviceLimits.of(target));
    return (problem, direction) ->
        lab.measure(
            problem,
            options.dtype(),
            direction,
            CudaContender.all(target, problem.plan(options.dtype()), direction));
  }

  /** A folder that cannot be written is found out before anything is measured. */
  private static HtmlReport report(Path folder) {
    try {
      return new HtmlReport(folder);
    } catch (UncheckedIOException e) {
      throw new UserError("--report %s: cannot be made: %s".formatted(folder, e.getCause()));
    }
  }

  private List<ConvProblem> problems() {
    Pattern pattern = Arguments.regex(match);
    List<ConvProblem> all =
        Stream.concat(
                problems.stream().map(ConvProblem::parse),
                files.stream().flatMap(file -> ProblemFile.read(file).stream()))
            .filter(problem -> pattern.matcher(problem.toString()).find())
            .map(problem -> batch == null ? problem : problem.withBatch(batch))
            .toList();
    if (all.isEmpty()) {
      throw new UserError(
          problems.isEmpty() && files.isEmpty()
              ? "conv: no problem given. Try: ./crema conv --batch alexnet"
              : "--match: no problem matches '%s'".formatted(match));
    }
    return all;
  }

  private LabOptions options() {
    boolean all = algorithms.contains("all");
    return new LabOptions(
        all ? Algorithms.all() : algorithms.stream().map(ConvCommand::algorithm).toList(),
        !all,
        modes(),
        Arguments.threads(threads),
        Arguments.atLeastOne("--max-ms", maxMs),
        coldCache,
        dtype());
  }

  private static ConvAlgorithm algorithm(String name) {
    try {
      return Algorithms.named(name);
    } catch (IllegalArgumentException e) {
      throw new UserError("--alg: " + e.getMessage());
    }
  }

  private Set<Mode> modes() {
    var set = EnumSet.noneOf(Mode.class);
    for (char letter : modes.toCharArray()) {
      set.add(
          switch (letter) {
            case 'C', 'c' -> Mode.CORRECTNESS;
            case 'P', 'p' -> Mode.PERFORMANCE;
            case 'B', 'b' -> Mode.BITWISE;
            default ->
                throw new UserError(
                    "--mode: expected letters of C, P and B, got '%s'".formatted(modes));
          });
    }
    return set;
  }

  private DType dtype() {
    return switch (dtype) {
      case "f32" -> DType.F32;
      case "f64" -> DType.F64;
      default -> throw new UserError("--dtype: expected f32 or f64, got '%s'".formatted(dtype));
    };
  }
}
