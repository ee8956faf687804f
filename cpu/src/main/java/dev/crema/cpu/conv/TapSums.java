package dev.crema.cpu.conv;

import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Weighted sums of shifted runs, the inner loop of a depthwise convolution, for one type. Arrays
 * are {@code float[]} or {@code double[]}.
 */
sealed interface TapSums permits FloatTapSums, DoubleTapSums {

  /** The sums of f32 or f64. */
  static TapSums of(DType dtype) {
    return dtype == DType.F32 ? FloatTapSums.INSTANCE : DoubleTapSums.INSTANCE;
  }

  /** How many elements more than asked for {@link #run} may read and write, less one. */
  int slack();

  /**
   * y[yo + i] = bias + Σ over taps t of w[wo + t]·x[xo + starts[t] + i], in the order of t, and 0
   * where that is negative if asked for.
   *
   * @param n how many, up to {@link #slack} more
   */
  void run(
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
      int n);
}
