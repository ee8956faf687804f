package dev.crema.cpu.pool;

import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.View;
import dev.crema.cpu.CpuBuffer;
import dev.crema.cpu.Parallel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The sum of each window over its divisor, and the gradient. */
public final class AvgPool {
  private AvgPool() {}

  /** y = the averages. */
  public static void run(Pool2dPlan plan, View xv, View yv) {
    Object x = CpuBuffer.array(xv);
    Object y = CpuBuffer.array(yv);
    int inSize = plan.ih() * plan.iw();
    int outSize = plan.oh() * plan.ow();
    boolean sort = Phases.pays(plan);
    Parallel.range(
        plan.n() * plan.c(),
        Parallel.grain(2L * outSize + inSize),
        (from, to) -> {
          try (var phases = sort ? Phases.open(plan) : null) {
            for (int plane = from; plane < to; plane++) {
              int xo = CpuBuffer.at(xv) + plane * inSize;
              int yo = CpuBuffer.at(yv) + plane * outSize;
              if (phases != null) {
                phases.load((float[]) x, xo);
                sorted(plan, phases, (float[]) y, yo);
              }
              if (x instanceof float[] f) {
                windows(plan, phases, f, xo, (float[]) y, yo);
              } else {
                windows(plan, (double[]) x, xo, (double[]) y, yo);
              }
            }
          }
        });
  }

  private static void sorted(Pool2dPlan plan, Phases p, float[] y, int yo) {
    PoolVector.average(p, (float) plan.h().divisor(p.h.first()) * plan.w().divisor(p.w.first()));
    for (int i = 0; i < p.h.count(); i++) {
      int to = yo + (p.h.first() + i) * plan.ow() + p.w.first();
      System.arraycopy(p.result, i * p.pitch, y, to, p.w.count());
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

  private static double divisor(Pool2dPlan plan, int oh, int ow) {
    return (double) plan.h().divisor(oh) * plan.w().divisor(ow);
  }

  /** gx = the gradient for x: every output's share goes to each of its taps. */
  public static void backward(Pool2dPlan plan, View gyv, View gxv) {
    Object gy = CpuBuffer.array(gyv);
    Object gx = CpuBuffer.array(gxv);
    int inSize = plan.ih() * plan.iw();
    int outSize = plan.oh() * plan.ow();
    Parallel.range(
        plan.n() * plan.c(),
        Parallel.grain(4L * outSize + inSize),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int go = CpuBuffer.at(gyv) + plane * outSize;
            int xo = CpuBuffer.at(gxv) + plane * inSize;
            if (gx instanceof float[] f) {
              spread(plan, (float[]) gy, go, f, xo);
            } else {
              spread(plan, (double[]) gy, go, (double[]) gx, xo);
            }
          }
        });
  }

  private static void spread(Pool2dPlan plan, float[] gy, int go, float[] gx, int xo) {
    Arrays.fill(gx, xo, xo + plan.ih() * plan.iw(), 0);
    for (int oh = 0; oh < plan.oh(); oh++) {
      for (int ow = 0; ow < plan.ow(); ow++) {
        float share = (float) (gy[go + oh * plan.ow() + ow] / divisor(plan, oh, ow));
        for (int ih = plan.h().start(oh); ih < plan.h().end(oh); ih += plan.h().step()) {
          for (int iw = plan.w().start(ow); iw < plan.w().end(ow); iw += plan.w().step()) {
            gx[xo + ih * plan.iw() + iw] += share;
          }
        }
      }
    }
  }

  private static void spread(Pool2dPlan plan, double[] gy, int go, double[] gx, int xo) {
    Arrays.fill(gx, xo, xo + plan.ih() * plan.iw(), 0);
    for (int oh = 0; oh < plan.oh(); oh++) {
      for (int ow = 0; ow < plan.ow(); ow++) {
        double share = gy[go + oh * plan.ow() + ow] / divisor(plan, oh, ow);
        for (int ih = plan.h().start(oh); ih < plan.h().end(oh); ih += plan.h().step()) {
          for (int iw = plan.w().start(ow); iw < plan.w().end(ow); iw += plan.w().step()) {
            gx[xo + ih * plan.iw() + iw] += share;
          }
        }
      }
    }
  }
}
