package dev.crema.examples.cli;

import dev.crema.backend.Backends;
import dev.crema.bench.lab.NetworkStep;
import dev.crema.bench.lab.Peak;
import dev.crema.bench.profile.ChromeTrace;
import dev.crema.bench.profile.DeviceLimits;
import dev.crema.bench.profile.Profile;
import dev.crema.bench.profile.Profiler;
import dev.crema.bench.profile.Total;
import dev.crema.nn.models.ModelSpec;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.MemoryFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /** The JIT compiler knows a small network's kernels by then. */
  private static final long WARM_UP_NANOS = 2_000_000_000;

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
          "How many steps are noted, after as many and two seconds to warm up. Default:"
              + " ${DEFAULT-VALUE}")
  private int steps = 5;

  @Option(names = "--train", description = "Steps of training, instead of inference.")
  private boolean train;

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
    if (batch < 1 || steps < 1) {
      throw new UserError(
          "--batch, --steps: expected at least 1, got %s and %s".formatted(batch, steps));
    }
    ModelSpec spec = model.resolve();
    Device target = device.select();
    Peak peak = DeviceLimits.of(target);
    Profile profile = profile(spec, target);
    terminal.line(
        "%s, batches of %d, %s on %s: %s",
        spec.name(),
        batch,
        train ? "training" : "inference",
        target,
        Backends.get(target).description());
    terminal.line("limits here: %,.0f GFLOP/s, %,.1f GB/s%n", peak.gflops(), peak.gbPerS());
    table("op", profile.byOp(), profile, peak);
    table("layer", profile.byLayer(), profile, peak);
    terminal.line(
        "a step takes %.3f ms: %.3f in ops, %.3f between them",
        perStep(profile.nanos()), perStep(profile.opNanos()), perStep(profile.betweenNanos()));
    terminal.line(
        "per step: %,d ops, %,d kernels or library calls, %,d allocations of %s; at most %s live",
        profile.calls().size() / steps,
        profile.launches() / steps,
        profile.allocations() / steps,
        Words.bytes(profile.allocatedBytes() / steps),
        Words.bytes(profile.peakBytes()));
    if (trace != null) {
      ChromeTrace.write(profile, trace);
      terminal.line("wrote %s", trace);
    }
    return 0;
  }

  private Profile profile(ModelSpec spec, Device target) {
    MemoryFormat format = ChannelsLast.format(channelsLast, target);
    try (Profiler profiler = Profiler.open(target);
        var step =
            new NetworkStep(
                spec, batch, train, target, new NetworkStep.How(format, DType.F32, false))) {
      long began = System.nanoTime();
      for (int i = 0; i < steps || System.nanoTime() - began < WARM_UP_NANOS; i++) {
        step.run();
      }
      profiler.start();
      for (int i = 0; i < steps; i++) {
        step.run();
      }
      return profiler.stop();
    }
  }

  private double perStep(long nanos) {
    return nanos / 1e6 / steps;
  }

  private void table(String first, List<Total> totals, Profile profile, Peak peak) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            first, "calls", "launches", "ms", "of total", "GFLOP/s", "of peak", "GB/s", "of peak"));
    for (Total t : totals) {
      double gflops = t.flops() / Math.max(1, t.nanos());
      double gbPerS = t.bytes() / (double) Math.max(1, t.nanos());
      rows.add(
          List.of(
              t.name(),
              String.valueOf(t.calls() / steps),
              String.valueOf(t.launches() / steps),
              number("%.3f", perStep(t.nanos())),
              part(t.nanos(), profile.nanos()),
              t.flops() == 0 ? "" : number("%.1f", gflops),
              t.flops() == 0 ? "" : part(gflops, peak.gflops()),
              number("%.1f", gbPerS),
              part(gbPerS, peak.gbPerS())));
    }
    Words.table(rows, RIGHT).forEach(row -> terminal.line("%s", row));
    terminal.line("");
  }

  private static String part(double of, double all) {
    return number("%.1f%%", 100 * of / all);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
