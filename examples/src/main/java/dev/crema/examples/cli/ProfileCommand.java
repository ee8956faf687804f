package dev.crema.examples.cli;

import dev.crema.backend.Backends;
import dev.crema.bench.lab.NetworkStep;
import dev.crema.bench.lab.Peak;
import dev.crema.bench.profile.ChromeTrace;
import dev.crema.bench.profile.DeviceLimits;
import dev.crema.bench.profile.Profile;
import dev.crema.bench.profile.Profiler;
import dev.crema.bench.profile.Total;
import dev.crema.bench.profile.WarmUp;
import dev.crema.examples.run.PrecisionKind;
import dev.crema.nn.models.ModelSpec;
import dev.crema.tensor.Device;
import dev.crema.tensor.MemoryFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crema profile MODEL}: where a network's time goes. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = "./crema profile MODEL [OPTIONS]",
    description = {
      "Runs a network on noise, and prints its time by op and by layer.",
      "",
      "Every op is timed on the device. Of FLOP/s and bytes/s, the parts are of what this device"
          + " was just measured to do; an op that finds its data in a cache may exceed it."
    },
    footer = {
      "",
      "Examples:",
      "  ./crema profile alexnet --batch 32",
      "  ./crema profile lenet --train --device cuda --trace lenet.json"
    })
public final class ProfileCommand implements Callable<Integer> {
  private static final int RIGHT = -1;

  private final Terminal terminal;

  @Mixin private ModelName model = new ModelName();

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "How many images at once. Default: ${DEFAULT-VALUE}")
  private int batch = 32;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "How many steps are noted, after as many as it takes their times to settle, for at most "
              + WarmUp.MOST_SECONDS
              + " s. Default: ${DEFAULT-VALUE}")
  private int steps = 5;

  @Option(
      names = "--train",
      description =
          "Steps of training, instead of inference: forward, cross-entropy, backward, and SGD with"
              + " momentum.")
  private boolean train;

  @Option(names = "--precision", paramLabel = "NAME", description = TrainOptions.PRECISION_HELP)
  private PrecisionKind precision = PrecisionKind.F32;

  @Option(names = "--graphs", hidden = true, description = "Refused, with the reason.")
  private boolean graphs;

  @Option(names = ChannelsLast.OPTION, description = ChannelsLast.HELP)
  private boolean channelsLast;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Also writes a trace for chrome://tracing or ui.perfetto.dev.")
  private @Nullable Path trace;

  @ArgGroup(validate = false, heading = "%nMachine:%n", order = 1)
  private DeviceOptions device = new DeviceOptions();

  /** Prints to this terminal. */
  public ProfileCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Arguments.atLeastOne("--batch", batch);
    Arguments.atLeastOne("--steps", steps);
    if (graphs) {
      throw new UserError(
          "--graphs: a step that is one CUDA graph has no ops to look at. Hint: without it, the ops"
              + " are the same; './crema train MODEL --graphs' shows how fast it is");
    }
    if (trace != null) {
      checkTrace(trace);
    }
    ModelSpec spec = model.resolve();
    Device target = device.select();
    TrainOptions.precision(precision, target).use();
    Steps noted = profile(spec, target);
    Profile profile = noted.profile;
    Peak peak = DeviceLimits.of(target);
    terminal.line(
        "%s, batches of %d, %s in %s on %s: %s",
        spec.name(),
        batch,
        train ? "training" : "inference",
        precision,
        target,
        Backends.get(target).description());
    terminal.line("limits here: %,.0f GFLOP/s, %,.1f GB/s%n", peak.gflops(), peak.gbPerS());
    table("op", profile.byOp(), profile, peak);
    table("layer", profile.byLayer(), profile, peak);
    LongSummaryStatistics each =
        profile.stepNanos().stream().mapToLong(Long::longValue).summaryStatistics();
    terminal.line(
        "a step takes %.3f ms (%.3f to %.3f): %.3f in ops, %.3f between them",
        perStep(profile.nanos()),
        each.getMin() / 1e6,
        each.getMax() / 1e6,
        perStep(profile.opNanos()),
        perStep(profile.betweenNanos()));
    if (!noted.settled) {
      terminal.line(
          "not settled: times were still changing after %d s of warming up", WarmUp.MOST_SECONDS);
    }
    terminal.line(
        "per step: %,d ops, %s%,d allocations of %s; at most %s live",
        profile.calls().size() / steps,
        profile.launches() == 0
            ? ""
            : "%,d kernels or library calls, ".formatted(profile.launches() / steps),
        profile.allocations() / steps,
        Words.bytes(profile.allocatedBytes() / steps),
        Words.bytes(profile.peakBytes()));
    if (trace != null) {
      ChromeTrace.write(profile, trace);
      terminal.line("wrote %s", trace);
    }
    return 0;
  }

  /** What ran, and whether times had settled before. */
  private record Steps(Profile profile, boolean settled) {}

  private Steps profile(ModelSpec spec, Device target) {
    MemoryFormat format = ChannelsLast.format(channelsLast, target);
    var how = new NetworkStep.How(format, precision.autocast(), false);
    try (Profiler profiler = Profiler.open(target);
        var step = new NetworkStep(spec, batch, train, target, how)) {
      boolean settled = WarmUp.of(profiler, step);
      profiler.start();
      for (int i = 0; i < steps; i++) {
        step.run();
        profiler.step();
      }
      return new Steps(profiler.stop(), settled);
    }
  }

  /** What cannot be written is found out before anything runs. */
  private static void checkTrace(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    String fault =
        Files.isDirectory(file)
            ? "it is a folder"
            : folder == null || !Files.isDirectory(folder)
                ? "there is no folder " + folder
                : Files.isWritable(Files.exists(file) ? file : folder)
                    ? ""
                    : "it may not be written";
    if (!fault.isEmpty()) {
      throw new UserError("--trace %s: cannot be written: %s".formatted(file, fault));
    }
  }

  private double perStep(long nanos) {
    return nanos / 1e6 / steps;
  }

  private void table(String first, List<Total> totals, Profile profile, Peak peak) {
    boolean kernels = profile.launches() > 0; // else ops are plain calls
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        row(
            kernels,
            List.of(first, "calls"),
            "launches",
            List.of("ms", "of total", "GFLOP/s", "of peak", "GB/s", "of peak")));
    for (Total t : totals) {
      double gflops = t.flops() / Math.max(1, t.nanos());
      double gbPerS = t.bytes() / (double) Math.max(1, t.nanos());
      rows.add(
          row(
              kernels,
              List.of(t.name(), String.valueOf(t.calls() / steps)),
              String.valueOf(t.launches() / steps),
              List.of(
                  number("%.3f", perStep(t.nanos())),
                  part(t.nanos(), profile.nanos()),
                  t.flops() == 0 ? "" : number("%.1f", gflops),
                  t.flops() == 0 ? "" : part(gflops, peak.gflops()),
                  number("%.1f", gbPerS),
                  part(gbPerS, peak.gbPerS()))));
    }
    Words.table(rows, RIGHT).forEach(row -> terminal.line("%s", row));
    terminal.line("");
  }

  private static List<String> row(
      boolean kernels, List<String> left, String launches, List<String> right) {
    List<String> row = new ArrayList<>(left);
    if (kernels) {
      row.add(launches);
    }
    row.addAll(right);
    return row;
  }

  private static String part(double of, double all) {
    return number("%.1f%%", 100 * of / all);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
