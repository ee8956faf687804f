package dev.crema.bench.lab;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Operand;
import dev.crema.tensor.DType;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A problem's three tensors in one direction: two hold numbers from −1 to 1, the same in every run,
 * the third is where results go.
 */
public record Trial(Conv2dPlan plan, Direction direction, Operand x, Operand w, Operand y) {

  /** A trial of this plan. */
  public static Trial of(Conv2dPlan plan, Direction direction) {
    return new Trial(
        plan,
        direction,
        random(plan.dtype(), plan.xShape().numel(), 1),
        random(plan.dtype(), plan.wShape().numel(), 2),
        random(plan.dtype(), plan.yShape().numel(), 3));
  }

  private static Operand random(DType dtype, long length, long seed) {
    var random = new SplittableRandom(seed);
    int n = Math.toIntExact(length);
    if (dtype == DType.F64) {
      double[] a = new double[n];
      for (int i = 0; i < n; i++) {
        a[i] = random.nextLong() * 0x1p-63;
      }
      return new Operand(a, 0);
    }
    float[] a = new float[n];
    for (int i = 0; i < n; i++) {
      a[i] = random.nextInt() * 0x1p-31f;
    }
    return new Operand(a, 0);
  }

  /** Runs an algorithm once. */
  public void run(ConvAlgorithm algorithm) {
    direction.run(algorithm, plan, x, w, y);
  }

  /** Where {@link #run} writes. */
  public Operand result() {
    return switch (direction) {
      case FORWARD -> y;
      case BACKWARD_INPUT -> x;
      case BACKWARD_WEIGHT -> w;
    };
  }

  /** Fills the result with what no computation survives unnoticed. */
  void spoilResult() {
    if (result().array() instanceof float[] a) {
      Arrays.fill(a, Float.NaN);
    } else {
      Arrays.fill(result().f64(), Double.NaN);
    }
  }

  /** A copy of the result's array. */
  Object copyOfResult() {
    return result().array() instanceof float[] a ? a.clone() : result().f64().clone();
  }

  /** Whether the result has the very bits of that copy. */
  boolean resultIs(Object copy) {
    return result().array() instanceof float[] a
        ? Arrays.equals(a, (float[]) copy)
        : Arrays.equals(result().f64(), (double[]) copy);
  }

  /** A number that changes when an input does. */
  int inputHash() {
    int hash = 0;
    for (Operand operand : new Operand[] {x, w, y}) {
      if (operand != result()) {
        hash = 31 * hash + hash(operand);
      }
    }
    return hash;
  }

  private static int hash(Operand operand) {
    return operand.array() instanceof float[] a
        ? Arrays.hashCode(a)
        : Arrays.hashCode(operand.f64());
  }

  /** Terms of the sum behind one element of the result. */
  long terms() {
    int window = plan.kh() * plan.kw();
    return switch (direction) {
      case FORWARD -> (long) plan.icPerGroup() * window;
      case BACKWARD_INPUT -> (long) plan.ocPerGroup() * window;
      case BACKWARD_WEIGHT -> (long) plan.n() * plan.oh() * plan.ow();
    };
  }

  /** Bytes of the three tensors: what must be moved at least, once. */
  long bytes() {
    return (plan.xShape().numel() + plan.wShape().numel() + plan.yShape().numel())
        * plan.dtype().bytes();
  }
}
