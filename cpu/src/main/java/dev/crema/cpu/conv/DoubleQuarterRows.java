package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Every fourth element of rows: four vectors give a quarter of a result's lanes each, and the last
 * one starts three places early, so that it ends with the last element needed. Columns as in {@link
 * DoubleVectorRows}.
 */
final class DoubleQuarterRows {
  private static final int LANES = D_LENGTH;

  /** The lower half: every fourth lane of the first vector, then of the second. */
  private static final VectorShuffle<Double> LOWER =
      VectorShuffle.fromOp(D, i -> 4 * i < LANES ? 4 * i : 4 * i % LANES - LANES);

  /** The upper half: the same of the third, and of the fourth, which is three places early. */
  private static final VectorShuffle<Double> UPPER =
      VectorShuffle.fromOp(D, i -> 4 * i < 3 * LANES ? 4 * i % LANES : 4 * i % LANES + 3 - LANES);

  private static final VectorMask<Double> IS_UPPER =
      VectorMask.fromLong(D, -1L << LANES / 2 & (1L << LANES) - 1);

  private DoubleQuarterRows() {}

  /** Whether rows of n elements are long enough, and vectors have a lane for each quarter. */
  static boolean takes(int n) {
    return LANES >= 4 && n >= LANES;
  }

  /** y[i] = x[4·i]. */
  static void copy(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    int last = n - LANES;
    for (int i = 0; i < last; i += LANES) {
      copyColumn(x, xo + 4 * i, pitch, y, yo + i, toPitch, rows);
    }
    copyColumn(x, xo + 4 * last, pitch, y, yo + last, toPitch, rows);
  }

  private static void copyColumn(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      var first = DoubleVector.fromArray(D, x, xo);
      var second = DoubleVector.fromArray(D, x, xo + LANES);
      var third = DoubleVector.fromArray(D, x, xo + 2 * LANES);
      var fourth = DoubleVector.fromArray(D, x, xo + 3 * LANES - 3);
      var lower = first.rearrange(LOWER, second);
      lower.blend(third.rearrange(UPPER, fourth), IS_UPPER).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }
}
