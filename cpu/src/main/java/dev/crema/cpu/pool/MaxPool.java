package dev.crema.cpu.pool;

import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.View;
import dev.crema.cpu.CpuBuffer;
import dev.crema.cpu.Parallel;
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
    boolean sort = Phases.pays(plan);
    Parallel.range(
        plan.n() * plan.c(),
        Parallel.grain(4L * plan.oh() * plan.ow() + (long) plan.ih() * plan.iw()),
        (from, to) -> {
          if (sort) {
            pool.sorted(from, to);
          } else {
            for (int plane = from; plane < to; plane++) {
              pool.windows(plane, null);
            }
          }
        });
  }

  private void sorted(int from, int to) {
    try (var phases = Phases.open(plan)) {
      for (int plane = from; plane < to; plane++) {
        phases.load((float[]) x, xo + plane * plan.ih() * plan.iw());
        if (PoolVector.max(phases)) {
          unpack(phases, plane);
          windows(plane, phases);
        } else {
          windows(plane, null);
        }
      }
    }
  }

  /** Takes the wanted windows out of the results. */
  private void unpack(Phases p, int plane) {
    float[] ys = (float[]) y;
    int sw = p.w.stride();
    for (int i = 0; i < p.h.count(); i++) {
      int to = (plane * plan.oh() + p.h.first() + i) * plan.ow() + p.w.first();
      int moved = i * p.h.stride() * plan.iw();
      System.arraycopy(p.result, i * p.pitch, ys, yo + to, p.w.count());
      for (int j = 0; j < p.w.count(); j++) {
        index[io + to + j] = p.place[i * p.pitch + j] + moved + j * sw;
      }
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
