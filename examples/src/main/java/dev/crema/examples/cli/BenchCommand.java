package dev.crema.examples.cli;

import dev.crema.bench.lab.Bench;
import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.lab.GemmShape;
import dev.crema.bench.lab.Measurement;
import dev.crema.bench.lab.ProblemException;
import dev.crema.bench.lab.ProblemFile;
import dev.crema.bench.report.BenchOutput;
import dev.crema.cpu.conv.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code crema bench}: how fast the library is on this machine. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    customSynopsis = "./crema bench SUITE [OPTIONS]",
    synopsisSubcommandLabel = "SUITE",
    description = {
      "Measures products, convolutions and training steps.",
      "",
      "Everything is warmed up until its times have stopped falling, then timed beside what the"
          + " machine can do at most. './crema bench peers' does it beside other libraries."
    },
    commandListHeading = "%nSuites:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./crema bench gemm --threads 1",
      "  ./crema bench conv --match alexnet --mb 32 --dir all",
      "  ./crema bench train --json train.json"
    })
public final class BenchCommand implements Runnable {
  private static final List<String> NETS = List.of("alexnet", "vgg16", "resnet50");

  private final Terminal terminal;

  @Spec private @Nullable CommandSpec spec;

  /** Prints to this terminal. */
  public BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Without a suite. */
  @Override
  public void run() {
    throw new UserError("bench: which SUITE, gemm, conv, train or peers? See ./crema bench --help");
  }

  /** What all suites have. */
  static final class Options {
    @Option(
        names = "--match",
        paramLabel = "REGEX",
        description = "Only rows in whose name this is found")
    private String match = "";

    @Option(
        names = "--threads",
        paramLabel = "N",
        description = "Threads that compute. Default: all")
    private @Nullable Integer threads;

    @Option(
        names = "--max-ms",
        paramLabel = "MS",
        defaultValue = "500",
        description = "How long each row is timed, once it is warm. Default: 500")
    private double maxMs;

    @Option(
        names = "--json",
        paramLabel = "FILE",
        description = "Write the rows there, with the environment")
    private @Nullable Path json;
  }

  @Command(
      name = "gemm",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      customSynopsis = "./crema bench gemm [OPTIONS]",
      description =
          "Measures matrix products: 1024³, 2048³, and those of ten layers of AlexNet and"
              + " ResNet-50.")
  int gemm(@Mixin Options options) {
    return run(options, GemmShape.standard(), GemmShape::toString, Bench::gemm);
  }

  private record Layer(ConvProblem problem, Direction direction) {
    @Override
    public String toString() {
      return "%s %s".formatted(problem, direction.label());
    }
  }

  @Command(
      name = "conv",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      customSynopsis = "./crema bench conv [OPTIONS]",
      description =
          "Measures the layers of AlexNet, VGG16 and ResNet-50 with the algorithms that automatic"
              + " selection takes. './crema conv' has all algorithms, and shows more of each.")
  int conv(
      @Mixin Options options,
      @Option(
              names = "--mb",
              paramLabel = "N",
              defaultValue = "8",
              description = "Images. Default: 8")
          int batch,
      @Option(
              names = "--dir",
              paramLabel = "DIR",
              split = ",",
              defaultValue = "fwd",
              description = "fwd, bwd_d, bwd_w or all. Default: fwd")
          List<String> directions) {
    var layers = new ArrayList<Layer>();
    for (String net : NETS) {
      for (ConvProblem problem : ProblemFile.read(net)) {
        for (Direction direction : Arguments.directions(directions)) {
          layers.add(new Layer(withBatch(problem, batch), direction));
        }
      }
    }
    return run(
        options, layers, Layer::toString, (bench, l) -> bench.conv(l.problem(), l.direction()));
  }

  private static ConvProblem withBatch(ConvProblem problem, int batch) {
    try {
      return problem.withBatch(batch);
    } catch (ProblemException e) {
      throw new UserError("--" + e.getMessage());
    }
  }

  private record Network(String model, int batch) {
    @Override
    public String toString() {
      return "%s mb%d".formatted(model, batch);
    }
  }

  @Command(
      name = "train",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      customSynopsis = "./crema bench train [OPTIONS]",
      description =
          "Measures training steps, forward, backward and SGD with momentum: LeNet at batch 64,"
              + " AlexNet at batch 32.")
  int train(@Mixin Options options) {
    var networks = List.of(new Network("lenet", 64), new Network("alexnet", 32));
    return run(
        options, networks, Network::toString, (bench, n) -> bench.train(n.model(), n.batch()));
  }

  private interface Timing<T> {
    Measurement of(Bench bench, T row);
  }

  private <T> int run(Options o, List<T> rows, Function<T, String> name, Timing<T> timing) {
    Pattern pattern = Arguments.regex(o.match);
    List<T> wanted = rows.stream().filter(r -> pattern.matcher(name.apply(r)).find()).toList();
    if (wanted.isEmpty()) {
      throw new UserError("--match: no row matches '%s'".formatted(o.match));
    }
    var bench = new Bench(Arguments.threads(o.threads), Arguments.atLeastOne("--max-ms", o.maxMs));
    var output = new BenchOutput(terminal.out(), LabEnvironment.here(spec), bench.peak());
    if (o.json != null) { // one that cannot be written is found out before anything is timed
      write(o.json, output.json());
    }
    wanted.forEach(row -> output.add(timing.of(bench, row)));
    output.end();
    if (o.json != null) {
      write(o.json, output.json());
    }
    return 0;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UserError("--json %s: cannot be written: %s".formatted(file, e));
    }
  }
}
