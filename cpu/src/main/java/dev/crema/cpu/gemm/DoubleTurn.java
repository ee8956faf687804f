package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.D_QUAD;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Turns four rows into columns, four by four elements at a time, in registers: pairs of rows are
 * interleaved, then pairs of those joined.
 */
final class DoubleTurn {
  // Lanes of the second vector are numbered from −4 on.
  private static final VectorShuffle<Double> LOWER = VectorShuffle.fromValues(D_QUAD, 0, -4, 1, -3);
  private static final VectorShuffle<Double> UPPER = VectorShuffle.fromValues(D_QUAD, 2, -2, 3, -1);
  private static final VectorShuffle<Double> LOWS = VectorShuffle.fromValues(D_QUAD, 0, 1, -4, -3);
  private static final VectorShuffle<Double> HIGHS = VectorShuffle.fromValues(D_QUAD, 2, 3, -2, -1);

  private DoubleTurn() {}

  /**
   * to[at + p·width + r] = x[xo + r·pitch + p] for r in 0 .. 3 and p in 0 .. n − 1.
   *
   * @param n a multiple of four
   */
  static void run(double[] x, int xo, int pitch, int n, double[] to, int at, int width) {
    for (int p = 0; p < n; p += 4) {
      var a = DoubleVector.fromArray(D_QUAD, x, xo);
      var b = DoubleVector.fromArray(D_QUAD, x, xo + pitch);
      var c = DoubleVector.fromArray(D_QUAD, x, xo + 2 * pitch);
      var d = DoubleVector.fromArray(D_QUAD, x, xo + 3 * pitch);
      var ab0 = a.rearrange(LOWER, b);
      var ab2 = a.rearrange(UPPER, b);
      var cd0 = c.rearrange(LOWER, d);
      var cd2 = c.rearrange(UPPER, d);
      ab0.rearrange(LOWS, cd0).intoArray(to, at);
      ab0.rearrange(HIGHS, cd0).intoArray(to, at + width);
      ab2.rearrange(LOWS, cd2).intoArray(to, at + 2 * width);
      ab2.rearrange(HIGHS, cd2).intoArray(to, at + 3 * width);
      xo += 4;
      at += 4 * width;
    }
  }
}
