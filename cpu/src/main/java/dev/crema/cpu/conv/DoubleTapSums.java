package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import dev.crema.cpu.simd.Simd;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link TapSums} of f64. */
final class DoubleTapSums implements TapSums {
  static final DoubleTapSums INSTANCE = new DoubleTapSums();

  private DoubleTapSums() {}

  @Override
  public int slack() {
    return Simd.VECTOR ? 4 * D_LENGTH : 1;
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
    double start = bias == null ? 0.0 : ((double[]) bias)[biasAt];
    if (Simd.VECTOR) {
      DoubleVectorTapSums.run(
          (double[]) x, xo, starts, (double[]) w, wo, start, relu, (double[]) y, yo, n);
    } else {
      run((double[]) x, xo, starts, (double[]) w, wo, start, relu, (double[]) y, yo, n);
    }
  }

  /** Tap by tap: the compiler makes vectors of loops of one statement. */
  private static void run(
      double[] x,
      int xo,
      int[] starts,
      double[] w,
      int wo,
      double start,
      boolean relu,
      double[] y,
      int yo,
      int n) {
    Arrays.fill(y, yo, yo + n, start);
    for (int t = 0; t < starts.length; t++) {
      add(w[wo + t], x, xo + starts[t], y, yo, n);
    }
    if (relu) {
      for (int i = yo; i < yo + n; i++) {
        y[i] = Math.max(y[i], 0.0);
      }
    }
  }

  private static void add(double tap, double[] x, int xo, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += tap * x[xo + i];
    }
  }
}
