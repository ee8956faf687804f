package dev.crema.cpu.norm;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.CrossEntropyPlan;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Loop;
import dev.crema.cpu.pointwise.Loops;
import dev.crema.tensor.CrossEntropyOptions.Reduction;

/**
 * Softmax and cross-entropy in one. Forward takes the log-softmax and picks from it; backward goes
 * over it once: its exponentials, less the uniform part, times the sample's gradient, and then the
 * targets. Losses are summed in f64, chunk by chunk.
 */
public final class CrossEntropy {
  private final CrossEntropyPlan plan;
  private final Object target;
  private final int targetAt;
  private final double smoothing;

  private CrossEntropy(CrossEntropyPlan plan, View target) {
    this.plan = plan;
    this.target = CpuBuffer.array(target);
    this.targetAt = CpuBuffer.at(target);
    this.smoothing = plan.options().labelSmoothing();
  }

  /** logP = the scores' log-softmax, the loss, and what its sum is divided by. */
  public static void run(
      CrossEntropyPlan plan, View scores, View target, View logP, View loss, View divisor) {
    Softmax.run(plan.softmax(), true, scores, logP);
    var samples = new CrossEntropy(plan, target);
    double by = samples.divisor();
    Elements.set(divisor, 0, by);
    if (plan.options().reduction() == Reduction.NONE) {
      Parallel.range(
          plan.samples(),
          samples.grain(),
          (from, to) -> {
            for (int i = from; i < to; i++) {
              Elements.set(loss, i, samples.loss(logP, i));
            }
          });
      return;
    }
    double sum = samples.sum(i -> samples.loss(logP, i));
    Elements.set(loss, 0, sum / by);
  }

  /** gx = the gradient for the scores. */
  public static void backward(
      CrossEntropyPlan plan, View logP, View target, View gLoss, View divisor, View gx) {
    var samples = new CrossEntropy(plan, target);
    int step = plan.options().reduction() == Reduction.NONE ? 1 : 0;
    double by = Elements.get(divisor, 0);
    SampleGradient g = i -> Elements.get(gLoss, i * step) / by;
    if (plan.inner() == 1) {
      samples.lines(logP, g, gx);
    } else {
      samples.planes(logP, g, gx);
    }
  }

  /** The gradient for the loss of sample i. */
  private interface SampleGradient {
    double of(int i);
  }

  /** Scores of a sample that lie side by side. */
  private void lines(View logP, SampleGradient g, View gx) {
    Loop exp = Loops.of(UnaryOp.EXP, plan.dtype());
    int size = plan.classes();
    Object y = CpuBuffer.array(gx);
    Parallel.range(
        plan.outer(),
        Parallel.grain(4L * size),
        (from, to) -> {
          int first = CpuBuffer.at(gx) + from * size;
          Object x = CpuBuffer.array(logP);
          int xo = CpuBuffer.at(logP) + from * size;
          exp.run(x, xo, x, xo, 0, 0, y, first, (to - from) * size);
          for (int i = from; i < to; i++) {
            Runs.affine(y, first, smoothing / size, g.of(i), 0, y, first, size);
            target(i, g, y, first);
            first += size;
          }
        });
  }

  /** Scores of neighbouring samples side by side. */
  private void planes(View logP, SampleGradient g, View gx) {
    Loop exp = Loops.of(UnaryOp.EXP, plan.dtype());
    Loop times = Loops.of(BinaryOp.MUL, plan.dtype());
    int inner = plan.inner();
    int size = plan.classes() * inner;
    Object y = CpuBuffer.array(gx);
    Parallel.range(
        plan.outer(),
        Parallel.grain(4L * size),
        (from, to) -> {
          Object scale = BufferPool.shared().take(plan.dtype(), inner);
          for (int o = from; o < to; o++) {
            int first = CpuBuffer.at(gx) + o * size;
            Object x = CpuBuffer.array(logP);
            int xo = CpuBuffer.at(logP) + o * size;
            for (int i = 0; i < inner; i++) {
              Elements.set(scale, i, g.of(o * inner + i));
            }
            exp.run(x, xo, x, xo, 0, 0, y, first, size);
            Runs.affine(y, first, smoothing / plan.classes(), 1, 0, y, first, size);
            for (int at = first; at < first + size; at += inner) {
              times.run(y, at, scale, 0, 0, 0, y, at, inner);
            }
            for (int i = 0; i < inner; i++) {
              target(o * inner + i, g, y, first + i);
            }
          }
          BufferPool.shared().give(scale);
        });
  }

  /** What only sample i's target says about its gradient, whose class 0 is at {@code at}. */
  private void target(int i, SampleGradient g, Object gx, int at) {
    if (isIgnored(i)) {
      for (int c = 0; c < plan.classes(); c++) {
        Elements.set(gx, at + c * plan.inner(), 0); // a product with 0 need not be 0
      }
      return;
    }
    int right = at + (int) label(i) * plan.inner();
    Elements.set(gx, right, Elements.get(gx, right) - g.of(i) * (1 - smoothing));
  }

  /** The loss of sample i. */
  private double loss(View logP, int i) {
    if (isIgnored(i)) {
      return 0;
    }
    long label = label(i);
    if (label < 0 || label >= plan.classes()) {
      throw plan.outside(label);
    }
    Object x = CpuBuffer.array(logP);
    int at = CpuBuffer.at(logP) + plan.at(i);
    double loss = -(1 - smoothing) * Elements.get(x, at + (int) label * plan.inner());
    if (smoothing > 0) {
      double sum = 0;
      for (int c = 0; c < plan.classes(); c++) {
        sum += Elements.get(x, at + c * plan.inner());
      }
      loss -= smoothing / plan.classes() * sum;
    }
    return loss;
  }

  /** What the sum of all losses, and each gradient, is divided by. */
  private double divisor() {
    return plan.options().reduction() == Reduction.MEAN ? sum(i -> isIgnored(i) ? 0 : 1) : 1;
  }

  private double sum(SampleGradient term) {
    int n = plan.samples();
    int grain = grain();
    int chunks = Math.ceilDiv(n, grain);
    double[] sums = BufferPool.shared().f64(chunks);
    Parallel.range(
        n,
        grain,
        (from, to) -> {
          double sum = 0;
          for (int i = from; i < to; i++) {
            sum += term.of(i);
          }
          sums[from / grain] = sum;
        });
    double total = 0;
    for (int i = 0; i < chunks; i++) {
      total += sums[i];
    }
    BufferPool.shared().give(sums);
    return total;
  }

  private int grain() {
    return Parallel.grain(smoothing > 0 ? plan.classes() : 2);
  }

  private boolean isIgnored(int i) {
    return label(i) == plan.options().ignoreIndex();
  }

  private long label(int i) {
    return target instanceof long[] l ? l[targetAt + i] : ((int[]) target)[targetAt + i];
  }
}
