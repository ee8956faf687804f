package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import dev.crema.cpu.simd.Simd;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link TapSums} of f32. */
final class FloatTapSums implements TapSums {
  static final FloatTapSums INSTANCE = new FloatTapSums();

  private FloatTapSums() {}

  @Override
  public int slack() {
    return Simd.VECTOR ? 4 * F_LENGTH : 1;
  }

  @Override
  public void run(
      Object x,
      int xo,
      int[] starts,
      Object w,
      int wo,
      @Nullable Object bias,
      int biasAt,
      boolean relu,
      Object y,
      int yo,
      int n) {
    float start = bias == null ? 0f : ((float[]) bias)[biasAt];
    if (Simd.VECTOR) {
      FloatVectorTapSums.run(
          (float[]) x, xo, starts, (float[]) w, wo, start, relu, (float[]) y, yo, n);
    } else {
      run((float[]) x, xo, starts, (float[]) w, wo, start, relu, (float[]) y, yo, n);
    }
  }

  /** Tap by tap: the compiler makes vectors of loops of one statement. */
  private static void run(
      float[] x,
      int xo,
      int[] starts,
      float[] w,
      int wo,
      float start,
      boolean relu,
      float[] y,
      int yo,
      int n) {
    Arrays.fill(y, yo, yo + n, start);
    for (int t = 0; t < starts.length; t++) {
      add(w[wo + t], x, xo + starts[t], y, yo, n);
    }
    if (relu) {
      for (int i = yo; i < yo + n; i++) {
        y[i] = Math.max(y[i], 0f);
      }
    }
  }

  private static void add(float tap, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += tap * x[xo + i];
    }
  }
}
