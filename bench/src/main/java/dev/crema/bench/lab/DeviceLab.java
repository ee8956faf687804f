package dev.crema.bench.lab;

import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.Mark;
import dev.crema.backend.View;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Operand;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.TensorException;
import dev.crema.tensor.UnsupportedOpException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lab's rows on a device that runs behind its caller: each algorithm checked against f64, then
 * those that are right timed in turns by marks on the device. Every call takes other copies of the
 * operands, of so many that none is in a cache still.
 */
public final class DeviceLab {
  private static final long BEYOND_CACHES = 128L << 20;
  private static final int MOST_COPIES = 1024;
  private static final double SAMPLE_MS = 1;
  private static final int LEAST_SAMPLES = 3;
  private static final int WARM_UP_CALLS = 10;

  private final Backend backend;
  private final Device device;
  private final double maxMs;
  private final Peak peak;

  /** Something that convolves on the device. */
  public interface Contender {
    String name();

    /** Why it cannot do this problem, or null when it can. */
    @Nullable String declines();

    long workspaceBytes();

    /** Whether it is what convolutions take here. */
    boolean auto();

    /**
     * Issues the work: the two operands, then the result.
     *
     * @throws UnsupportedOpException where it turns out only now that it cannot do this problem
     */
    void run(View a, View b, View result);
  }

  /** The operands of one call. */
  private record Copy(View a, View b, View result) {}

  /**
   * @param maxMs how long each row is timed
   * @param peak what the device can do
   */
  public DeviceLab(Device device, double maxMs, Peak peak) {
    this.device = device;
    this.backend = Backends.get(device);
    this.maxMs = maxMs;
    this.peak = peak;
  }

  /** Tries all of them on a problem in one direction. */
  public Layer measure(
      ConvProblem problem, DType dtype, Direction direction, List<? extends Contender> contenders) {
    Trial trial = Trial.of(problem.plan(dtype), direction);
    Layer empty =
        new Layer(
            problem,
            direction,
            dtype,
            device,
            1,
            trial.plan().flops(),
            trial.bytes(),
            peak,
            List.of());
    List<Row> rows = new ArrayList<>();
    try (Scope _ = Scope.open("lab")) {
      List<Copy> copies = copies(trial);
      double[] reference = Reference.of(trial);
      for (Contender c : contenders) {
        rows.add(checked(c, trial, copies.getFirst(), reference, empty.command()));
      }
      time(rows, contenders, trial, copies);
    }
    return empty.with(rows);
  }

  private List<Copy> copies(Trial trial) {
    int n = Math.clamp(BEYOND_CACHES / Math.max(1, trial.bytes()) + 1, 2, MOST_COPIES);
    List<Copy> copies = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      View x = sent(trial.x(), trial.plan().xShape(), trial);
      View w = sent(trial.w(), trial.plan().wShape(), trial);
      View y = sent(trial.y(), trial.plan().yShape(), trial);
      copies.add(
          switch (trial.direction()) {
            case FORWARD -> new Copy(x, w, y);
            case BACKWARD_INPUT -> new Copy(y, w, x);
            case BACKWARD_WEIGHT -> new Copy(x, y, w);
          });
    }
    return copies;
  }

  private View sent(Operand operand, Shape shape, Trial trial) {
    return Tensor.copyOf(operand.array(), trial.plan().dtype(), shape, device).view();
  }

  private Row checked(Contender c, Trial trial, Copy copy, double[] reference, String repro) {
    String declined = c.declines();
    if (declined != null) {
      return row(c, Row.Status.DECLINED, declined, null, repro);
    }
    Object result = trial.copyOfResult();
    try {
      if (result instanceof float[] f) {
        Arrays.fill(f, Float.NaN);
      } else {
        Arrays.fill((double[]) result, Double.NaN);
      }
      backend.upload(result, copy.result);
      c.run(copy.a, copy.b, copy.result);
      backend.download(copy.result, result);
    } catch (UnsupportedOpException e) {
      return row(c, Row.Status.DECLINED, String.valueOf(e.getMessage()), null, repro);
    } catch (TensorException e) {
      return row(c, Row.Status.FAILED, String.valueOf(e.getMessage()), null, repro);
    }
    Accuracy accuracy = Accuracy.of(reference, result, trial.plan().dtype(), trial.terms());
    return accuracy.passes()
        ? row(c, Row.Status.OK, "", accuracy, repro)
        : row(
            c,
            Row.Status.FAILED,
            "error: max %.1e (bound %.1e)".formatted(accuracy.max(), accuracy.maxBound()),
            accuracy,
            repro);
  }

  private static Row row(
      Contender c, Row.Status status, String note, @Nullable Accuracy accuracy, String repro) {
    Long workspace = accuracy == null ? null : c.workspaceBytes();
    return new Row(c.name(), status, note, accuracy, workspace, null, null, c.auto(), false, repro);
  }

  /** One sample of each in turn, until each has had its time. */
  private void time(
      List<Row> rows, List<? extends Contender> contenders, Trial trial, List<Copy> copies) {
    List<Timing> timings = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).status() == Row.Status.OK) {
        timings.add(new Timing(i, contenders.get(i), copies));
      }
    }
    timings.forEach(Timing::warmUp);
    while (!timings.stream().allMatch(Timing::isDone)) {
      timings.stream().filter(t -> !t.isDone()).forEach(Timing::sample);
    }
    for (Timing t : timings) {
      rows.set(t.row, rows.get(t.row).withSpeed(Row.Speed.of(trial, t.times(), peak), ""));
    }
    timings.stream()
        .min(Comparator.comparingDouble(t -> t.times().minMs()))
        .ifPresent(best -> rows.set(best.row, rows.get(best.row).asBest()));
  }

  /** One row's time. */
  private final class Timing {
    final int row;
    private final Contender contender;
    private final List<Copy> copies;
    private final List<Double> samples = new ArrayList<>();
    private int calls = 1;
    private int next;
    private double spentMs;

    Timing(int row, Contender contender, List<Copy> copies) {
      this.row = row;
      this.contender = contender;
      this.copies = copies;
    }

    void warmUp() {
      calls = WARM_UP_CALLS;
      double ms = run();
      calls = Math.clamp((long) Math.ceil(SAMPLE_MS / Math.max(ms, 1e-6)), 1, 1000);
    }

    void sample() {
      double ms = run();
      samples.add(ms);
      spentMs += ms * calls;
    }

    /** Milliseconds of one call, of as many as make a sample. */
    private double run() {
      try (Mark from = backend.mark()) {
        for (int i = 0; i < calls; i++) {
          Copy copy = copies.get(next++ % copies.size());
          contender.run(copy.a, copy.b, copy.result);
        }
        try (Mark to = backend.mark()) {
          return Math.max(1, to.nanos() - from.nanos()) / 1e6 / calls;
        }
      }
    }

    boolean isDone() {
      return samples.size() >= LEAST_SAMPLES && spentMs >= maxMs;
    }

    Race.Times times() {
      double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return new Race.Times(sorted[0], sorted[sorted.length / 2], sorted.length, true);
    }
  }
}
