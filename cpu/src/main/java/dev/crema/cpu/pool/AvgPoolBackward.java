package dev.crema.cpu.pool;

import static dev.crema.cpu.pool.AvgPool.divisor;

import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import java.util.Arrays;

/** The gradient of {@link AvgPool}: every output's share goes to each of its window's elements. */
public final class AvgPoolBackward {
  private AvgPoolBackward() {}

  /** gx = the gradient for x. */
  public static void run(Pool2dPlan plan, View gyv, View gxv) {
    Object gy = CpuBuffer.array(gyv);
    Object gx = CpuBuffer.array(gxv);
    int inSize = plan.ih() * plan.iw();
    int outSize = plan.oh() * plan.ow();
    boolean tiles = Interior.tiles(plan.h()) && Interior.tiles(plan.w());
    Parallel.range(
        plan.n() * plan.c(),
        Parallel.grain(4L * outSize + inSize),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int go = CpuBuffer.at(gyv) + plane * outSize;
            int xo = CpuBuffer.at(gxv) + plane * inSize;
            if (gx instanceof float[] f) {
              if (tiles) {
                tile(plan, (float[]) gy, go, f, xo);
              } else {
                spread(plan, (float[]) gy, go, f, xo);
              }
            } else {
              spread(plan, (double[]) gy, go, (double[]) gx, xo);
            }
          }
        });
  }

  /** Windows that tile the image: each row of shares, widened, is copied down. */
  private static void tile(Pool2dPlan plan, float[] gy, int go, float[] gx, int xo) {
    int kh = plan.h().divisor(0);
    int kw = plan.w().divisor(0);
    int width = plan.ow() * kw;
    float divisor = kh * kw;
    for (int oh = 0; oh < plan.oh(); oh++) {
      int row = xo + oh * kh * plan.iw();
      for (int ow = 0; ow < plan.ow(); ow++) {
        float share = gy[go + oh * plan.ow() + ow] / divisor;
        for (int i = 0; i < kw; i++) {
          gx[row + ow * kw + i] = share;
        }
      }
      Arrays.fill(gx, row + width, row + plan.iw(), 0);
      for (int below = 1; below < kh; below++) {
        System.arraycopy(gx, row, gx, row + below * plan.iw(), plan.iw());
      }
    }
    Arrays.fill(gx, xo + plan.oh() * kh * plan.iw(), xo + plan.ih() * plan.iw(), 0);
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
