package dev.crema.cpu.pool;

import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import org.jspecify.annotations.Nullable;

/** The sum of each window over its divisor. */
public final class AvgPool {
  private AvgPool() {}

  /** y = the averages. */
  public static void run(Pool2dPlan plan, View xv, View yv) {
    Object x = CpuBuffer.array(xv);
    Object y = CpuBuffer.array(yv);
    int inSize = plan.ih() * plan.iw();
    int outSize = plan.oh() * plan.ow();
    try (var phases = Phases.of(plan)) {
      Parallel.range(
          plan.n() * plan.c(),
          Parallel.grain((long) outSize + inSize),
          (from, to) -> {
            try (var tile = phases == null ? null : new SortedPlane(phases)) {
              for (int plane = from; plane < to; plane++) {
                int xo = CpuBuffer.at(xv) + plane * inSize;
                int yo = CpuBuffer.at(yv) + plane * outSize;
                if (tile != null) {
                  sorted(tile, (float[]) x, xo, (float[]) y, yo);
                } else if (x instanceof float[] f) {
                  windows(plan, null, f, xo, (float[]) y, yo);
                } else {
                  windows(plan, (double[]) x, xo, (double[]) y, yo);
                }
              }
            }
          });
    }
  }

  private static void sorted(SortedPlane tile, float[] x, int xo, float[] y, int yo) {
    Phases phases = tile.phases;
    tile.load(x, xo);
    PoolVector.average(tile, (float) divisor(phases.plan, phases.h.first(), phases.w.first()));
    tile.store(tile.result, y, yo);
    if (!phases.isAll()) {
      windows(phases.plan, phases, x, xo, y, yo);
    }
  }

  /** Does the windows of a plane one by one, but those that are done. */
  private static void windows(
      Pool2dPlan plan, @Nullable Phases done, float[] x, int xo, float[] y, int yo) {
    for (int oh = 0; oh < plan.oh(); oh++) {
      Interior skip = done != null && done.h.contains(oh) ? done.w : null;
      for (int ow = 0; ow < plan.ow(); ow++) {
        if (skip != null && skip.contains(ow)) {
          continue;
        }
        double sum = 0;
        for (int ih = plan.h().start(oh); ih < plan.h().end(oh); ih += plan.h().step()) {
          for (int iw = plan.w().start(ow); iw < plan.w().end(ow); iw += plan.w().step()) {
            sum += x[xo + ih * plan.iw() + iw];
          }
        }
        y[yo + oh * plan.ow() + ow] = (float) (sum / divisor(plan, oh, ow));
      }
    }
  }

  private static void windows(Pool2dPlan plan, double[] x, int xo, double[] y, int yo) {
    for (int oh = 0; oh < plan.oh(); oh++) {
      for (int ow = 0; ow < plan.ow(); ow++) {
        double sum = 0;
        for (int ih = plan.h().start(oh); ih < plan.h().end(oh); ih += plan.h().step()) {
          for (int iw = plan.w().start(ow); iw < plan.w().end(ow); iw += plan.w().step()) {
            sum += x[xo + ih * plan.iw() + iw];
          }
        }
        y[yo + oh * plan.ow() + ow] = sum / divisor(plan, oh, ow);
      }
    }
  }

  /** What the sum of window (oh, ow) is divided by. */
  static double divisor(Pool2dPlan plan, int oh, int ow) {
    return (double) plan.h().divisor(oh) * plan.w().divisor(ow);
  }
}
