package dev.crema.cpu.norm;

import dev.crema.backend.SoftmaxPlan;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.math.MathF64;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Loop;
import dev.crema.cpu.pointwise.Loops;
import dev.crema.cpu.reduce.Rows;

/**
 * Softmax of [outer, size, inner] along the middle, in three sweeps: the maximum, the exponentials
 * (left in the result) and their sum, the result. Lines that lie dense go a block at a time, so
 * that exponentials are taken over all of it; other lines go side by side, in strips of neighbours.
 */
public final class Softmax {
  /** Elements that stay in the L1 cache from one sweep to the next. */
  private static final int BLOCK = 4096;

  private static final int STRIP = 256;

  private Softmax() {}

  /** y = softmax(x), or its logarithm. */
  public static void run(SoftmaxPlan plan, boolean log, View x, View y) {
    if (plan.size() == 0) {
      return;
    }
    if (plan.inner() == 1) {
      lines(plan, log, x, y);
    } else {
      strips(plan, log, x, y);
    }
  }

  private static void lines(SoftmaxPlan plan, boolean log, View xv, View yv) {
    Object x = CpuBuffer.array(xv);
    Object y = CpuBuffer.array(yv);
    int size = plan.size();
    Loop exp = Loops.of(UnaryOp.EXP, plan.dtype());
    int block = Math.max(1, BLOCK / Math.max(1, size));
    Parallel.range(
        plan.outer(),
        Math.ceilDiv(Parallel.grain(4L * size), block) * block,
        (from, to) -> {
          for (int first = from; first < to; first += block) {
            int last = Math.min(to, first + block);
            int xo = CpuBuffer.at(xv) + first * size;
            int yo = CpuBuffer.at(yv) + first * size;
            int n = (last - first) * size;
            for (int at = 0; at < n; at += size) {
              Runs.affine(x, xo + at, max(x, xo + at, size), 1, 0, y, yo + at, size);
            }
            exp.run(y, yo, y, yo, 0, 0, y, yo, n);
            for (int at = 0; at < n; at += size) {
              double sum = sum(y, yo + at, size);
              if (log) {
                double max = max(x, xo + at, size);
                Runs.affine(x, xo + at, max, 1, -MathF64.log(sum), y, yo + at, size);
              } else {
                Runs.affine(y, yo + at, 0, 1 / sum, 0, y, yo + at, size);
              }
            }
          }
        });
  }

  private static void strips(SoftmaxPlan plan, boolean log, View x, View y) {
    int strips = Math.ceilDiv(plan.inner(), STRIP);
    Parallel.range(
        plan.outer() * strips,
        Parallel.grain(4L * plan.size() * Math.min(plan.inner(), STRIP)),
        (from, to) -> {
          try (var strip = new SoftmaxStrip(plan, log, x, y, STRIP)) {
            for (int i = from; i < to; i++) {
              int column = i % strips * STRIP;
              strip.run(i / strips, column, Math.min(STRIP, plan.inner() - column));
            }
          }
        });
  }

  private static double max(Object x, int at, int n) {
    return x instanceof float[] f ? Rows.max(f, at, n) : Rows.max((double[]) x, at, n);
  }

  private static double sum(Object x, int at, int n) {
    return x instanceof float[] f ? Rows.sum(f, at, n) : Rows.sum((double[]) x, at, n);
  }
}
