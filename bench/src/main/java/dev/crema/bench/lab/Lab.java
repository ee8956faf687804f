package dev.crema.bench.lab;

import dev.crema.bench.lab.LabOptions.Mode;
import dev.crema.bench.lab.Row.Speed;
import dev.crema.bench.lab.Row.Status;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.Scratch;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Selection;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks convolution algorithms against f64 and times those that are right, in turns. One at a
 * time: it sets the number of threads of the whole process.
 */
public final class Lab {
  /** Above this, the definition is not run unless named: it does about 10⁹ operations a second. */
  private static final double DIRECT_FLOPS = 0.5e9;

  private static final int MANY_THREADS = 4;

  private final LabOptions options;
  private final @Nullable Limits limits;

  /** Measures the machine's limits, unless nothing is to be timed. */
  public Lab(LabOptions options) {
    this.options = options;
    Parallel.setNumThreads(options.threads());
    this.limits = options.modes().contains(Mode.PERFORMANCE) ? new Limits(options.dtype()) : null;
  }

  /** Tries all algorithms on a problem in one direction. */
  public Layer measure(ConvProblem problem, Direction direction) {
    Parallel.setNumThreads(options.threads());
    var trial = Trial.of(problem.plan(options.dtype()), direction);
    List<Row> rows = checked(problem, trial);
    Peak peak = null;
    if (limits != null) {
      peak = limits.peak();
      time(rows, trial, limits, peak);
    }
    return new Layer(
        problem,
        direction,
        options.dtype(),
        Device.cpu(),
        options.threads(),
        trial.plan().flops(),
        trial.bytes(),
        peak,
        List.copyOf(rows));
  }

  private List<Row> checked(ConvProblem problem, Trial trial) {
    String auto = Selection.auto(trial.plan(), trial.direction()).name();
    var rows = new ArrayList<Row>();
    double[] reference = null;
    for (ConvAlgorithm algorithm : options.algorithms()) {
      String declined = algorithm.declines(trial.plan(), trial.direction());
      var check = new Check(algorithm, trial);
      if (declined != null) {
        check.status = Status.DECLINED;
        check.note = declined;
      } else if (isTooSlow(algorithm, trial)) {
        check.status = Status.SKIPPED;
        check.note =
            "the definition, %.1f GFLOP; --alg %s runs it"
                .formatted(trial.plan().flops() * 1e-9, algorithm.name());
      } else {
        reference = reference == null ? Reference.of(trial) : reference;
        check.run(reference);
        if (check.status == Status.OK && options.modes().contains(Mode.BITWISE)) {
          check.repeat();
        }
      }
      rows.add(check.row(algorithm.name().equals(auto), repro(problem, trial, algorithm)));
    }
    return rows;
  }

  private boolean isTooSlow(ConvAlgorithm algorithm, Trial trial) {
    return !options.named()
        && algorithm.name().equals("direct")
        && trial.plan().flops() > DIRECT_FLOPS;
  }

  private String repro(ConvProblem problem, Trial trial, ConvAlgorithm algorithm) {
    return "./crema conv --dir %s --alg %s --threads %d%s%s%s '%s'"
        .formatted(
            trial.direction().label(),
            algorithm.name(),
            options.threads(),
            options.modes().contains(Mode.BITWISE) ? " --mode CPB" : "",
            options.dtype() == DType.F32 ? "" : " --dtype f64",
            options.coldCache() ? " --cold-cache" : "",
            problem);
  }

  /** One algorithm's first run. */
  private final class Check {
    private final ConvAlgorithm algorithm;
    private final Trial trial;
    private Status status = Status.OK;
    private String note = "";
    private @Nullable Accuracy accuracy;
    private @Nullable Long workspace;
    private @Nullable Boolean sameBits;

    Check(ConvAlgorithm algorithm, Trial trial) {
      this.algorithm = algorithm;
      this.trial = trial;
    }

    void run(double[] reference) {
      trial.spoilResult();
      int inputs = trial.inputHash();
      Scratch.resetPeak();
      long before = Scratch.peakBytes();
      try {
        trial.run(algorithm);
      } catch (RuntimeException e) {
        fail("throws " + e);
        return;
      }
      workspace = Scratch.peakBytes() - before;
      accuracy = Accuracy.of(reference, trial.result().array(), options.dtype(), trial.terms());
      if (trial.inputHash() != inputs) {
        fail("changes its inputs");
      } else if (!accuracy.passes()) {
        fail(
            "error: max %.1e (bound %.1e), rms %.1e (bound %.1e)"
                .formatted(
                    accuracy.max(), accuracy.maxBound(), accuracy.rms(), accuracy.rmsBound()));
      }
    }

    /** On one thread, then on many, each over an old result. */
    void repeat() {
      Object first = trial.copyOfResult();
      boolean same = true;
      try {
        for (int threads : new int[] {1, Math.max(MANY_THREADS, options.threads())}) {
          Parallel.setNumThreads(threads);
          trial.spoilResult();
          trial.run(algorithm);
          same &= trial.resultIs(first);
        }
      } catch (RuntimeException e) {
        fail("throws " + e + " at another call or number of threads");
        return;
      } finally {
        Parallel.setNumThreads(options.threads());
      }
      sameBits = same;
      if (!same) {
        fail("other bits at another call or number of threads");
      }
    }

    private void fail(String why) {
      status = Status.FAILED;
      note = why;
    }

    Row row(boolean auto, String repro) {
      return new Row(
          algorithm.name(), status, note, accuracy, workspace, sameBits, null, auto, false, repro);
    }
  }

  private void time(List<Row> rows, Trial trial, Limits machine, Peak peak) {
    List<Integer> right = new ArrayList<>();
    List<Runnable> calls = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).status() == Status.OK) {
        ConvAlgorithm algorithm = options.algorithms().get(i);
        right.add(i);
        calls.add(() -> trial.run(algorithm));
      }
    }
    Race race =
        options.coldCache()
            ? Race.cold(options.maxMs(), machine::coolCaches)
            : new Race(options.maxMs());
    List<Race.Times> times = race.run(calls);
    for (int i = 0; i < times.size(); i++) {
      Race.Times t = times.get(i);
      Row row = rows.get(right.get(i));
      rows.set(
          right.get(i),
          row.withSpeed(Speed.of(trial, t, peak), t.settled() ? "" : "still warming up"));
    }
    Optional<Integer> best = right.stream().min(Comparator.comparingDouble(i -> ms(rows.get(i))));
    best.ifPresent(i -> rows.set(i, rows.get(i).asBest()));
  }

  private static double ms(Row row) {
    Speed speed = row.speed();
    return speed == null ? Double.MAX_VALUE : speed.minMs();
  }
}
