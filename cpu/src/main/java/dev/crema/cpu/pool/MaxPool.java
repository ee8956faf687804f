package dev.crema.cpu.pool;

import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import org.jspecify.annotations.Nullable;

/** The largest element of each window and its place in the plane. */
public final class MaxPool {
  private final Pool2dPlan plan;
  private final Object x;
  private final int xo;
  private final Object y;
  private final int yo;
  private final int[] index;
  private final int io;

  private MaxPool(Pool2dPlan plan, View x, View y, View index) {
    this.plan = plan;
    this.x = CpuBuffer.array(x);
    this.xo = CpuBuffer.at(x);
    this.y = CpuBuffer.array(y);
    this.yo = CpuBuffer.at(y);
    this.index = CpuBuffer.i32(index);
    this.io = CpuBuffer.at(index);
  }

  /** y = the largest, index = its first place; NaN wins. */
  public static void run(Pool2dPlan plan, View x, View y, View index) {
    var pool = new MaxPool(plan, x, y, index);
    try (var phases = Phases.of(plan)) {
      Parallel.range(
          plan.n() * plan.c(),
          Parallel.grain((long) plan.oh() * plan.ow() + (long) plan.ih() * plan.iw()),
          (from, to) -> {
            if (phases != null) {
              pool.sorted(phases, from, to);
            } else {
              pool.windows(from, to);
            }
          });
    }
  }

  private void sorted(Phases phases, int from, int to) {
    try (var tile = new SortedPlane(phases)) {
      for (int plane = from; plane < to; plane++) {
        tile.load((float[]) x, xo + plane * plan.ih() * plan.iw());
        if (PoolVector.max(tile)) {
          int at = plane * plan.oh() * plan.ow();
          tile.store(tile.result, y, yo + at);
          tile.store(tile.place, index, io + at);
          if (!phases.isAll()) {
            windows(plane, phases);
          }
        } else {
          windows(plane, null);
        }
      }
    }
  }

  private void windows(int from, int to) {
    for (int plane = from; plane < to; plane++) {
      windows(plane, null);
    }
  }

  /** Does the windows of a plane one by one, but those that are done. */
  private void windows(int plane, @Nullable Phases done) {
    int from = xo + plane * plan.ih() * plan.iw();
    for (int oh = 0; oh < plan.oh(); oh++) {
      Interior skip = done != null && done.h.contains(oh) ? done.w : null;
      for (int ow = 0; ow < plan.ow(); ow++) {
        if (skip != null && skip.contains(ow)) {
          continue;
        }
        int to = (plane * plan.oh() + oh) * plan.ow() + ow;
        if (x instanceof float[] f) {
          int place = largest(f, from, oh, ow);
          ((float[]) y)[yo + to] = f[from + place];
          index[io + to] = place;
        } else {
          double[] d = (double[]) x;
          int place = largest(d, from, oh, ow);
          ((double[]) y)[yo + to] = d[from + place];
          index[io + to] = place;
        }
      }
    }
  }

  /** The first place of the largest element of a window, the first NaN if there is one. */
  private int largest(float[] x, int plane, int oh, int ow) {
    int place = plan.h().start(oh) * plan.iw() + plan.w().start(ow);
    float best = x[plane + place];
    for (int ih = plan.h().start(oh); ih < plan.h().end(oh); ih += plan.h().step()) {
      for (int iw = plan.w().start(ow); iw < plan.w().end(ow); iw += plan.w().step()) {
        int here = ih * plan.iw() + iw;
        float tap = x[plane + here];
        if (Float.isNaN(tap)) {
          return here;
        }
        if (tap > best) {
          best = tap;
          place = here;
        }
      }
    }
    return place;
  }

  /** The first place of the largest element of a window, the first NaN if there is one. */
  private int largest(double[] x, int plane, int oh, int ow) {
    int place = plan.h().start(oh) * plan.iw() + plan.w().start(ow);
    double best = x[plane + place];
    for (int ih = plan.h().start(oh); ih < plan.h().end(oh); ih += plan.h().step()) {
      for (int iw = plan.w().start(ow); iw < plan.w().end(ow); iw += plan.w().step()) {
        int here = ih * plan.iw() + iw;
        double tap = x[plane + here];
        if (Double.isNaN(tap)) {
          return here;
        }
        if (tap > best) {
          best = tap;
          place = here;
        }
      }
    }
    return place;
  }
}
