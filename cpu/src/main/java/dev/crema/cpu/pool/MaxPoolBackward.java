package dev.crema.cpu.pool;

import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import java.util.Arrays;

/**
 * The gradient of {@link MaxPool}, plane by plane: zeros, then each output's share at its place.
 */
public final class MaxPoolBackward {
  private MaxPoolBackward() {}

  /** gx = the gradient for x. */
  public static void run(Pool2dPlan plan, View gyv, View indexv, View gxv) {
    int inSize = plan.ih() * plan.iw();
    int outSize = plan.oh() * plan.ow();
    int[] index = CpuBuffer.i32(indexv);
    Object gy = CpuBuffer.array(gyv);
    Object gx = CpuBuffer.array(gxv);
    Parallel.range(
        plan.n() * plan.c(),
        Parallel.grain(2L * outSize + inSize),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int go = CpuBuffer.at(gyv) + plane * outSize;
            int io = CpuBuffer.at(indexv) + plane * outSize;
            int xo = CpuBuffer.at(gxv) + plane * inSize;
            if (gx instanceof float[] f) {
              Arrays.fill(f, xo, xo + inSize, 0);
              add((float[]) gy, go, index, io, f, xo, outSize);
            } else {
              double[] d = (double[]) gx;
              Arrays.fill(d, xo, xo + inSize, 0);
              add((double[]) gy, go, index, io, d, xo, outSize);
            }
          }
        });
  }

  private static void add(float[] gy, int go, int[] index, int io, float[] gx, int xo, int n) {
    for (int i = 0; i < n; i++) {
      gx[xo + index[io + i]] += gy[go + i];
    }
  }

  private static void add(double[] gy, int go, int[] index, int io, double[] gx, int xo, int n) {
    for (int i = 0; i < n; i++) {
      gx[xo + index[io + i]] += gy[go + i];
    }
  }
}
