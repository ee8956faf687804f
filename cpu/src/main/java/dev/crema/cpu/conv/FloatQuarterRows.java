package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Every fourth element of rows: four vectors give a quarter of a result's lanes each, and the last
 * one starts three places early, so that it ends with the last element needed. Columns as in {@link
 * FloatVectorRows}.
 */
final class FloatQuarterRows {
  private static final int LANES = F_LENGTH;

  /** The lower half: every fourth lane of the first vector, then of the second. */
  private static final VectorShuffle<Float> LOWER =
      VectorShuffle.fromOp(F, i -> 4 * i < LANES ? 4 * i : 4 * i % LANES - LANES);

  /** The upper half: the same of the third, and of the fourth, which is three places early. */
  private static final VectorShuffle<Float> UPPER =
      VectorShuffle.fromOp(F, i -> 4 * i < 3 * LANES ? 4 * i % LANES : 4 * i % LANES + 3 - LANES);

  private static final VectorMask<Float> IS_UPPER =
      VectorMask.fromLong(F, -1L << LANES / 2 & (1L << LANES) - 1);

  private FloatQuarterRows() {}

  /** Whether rows of n elements are long enough, and vectors have a lane for each quarter. */
  static boolean takes(int n) {
    return LANES >= 4 && n >= LANES;
  }

  /** y[i] = x[4·i]. */
  static void copy(float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    int last = n - LANES;
    for (int i = 0; i < last; i += LANES) {
      copyColumn(x, xo + 4 * i, pitch, y, yo + i, toPitch, rows);
    }
    copyColumn(x, xo + 4 * last, pitch, y, yo + last, toPitch, rows);
  }

  private static void copyColumn(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      var first = FloatVector.fromArray(F, x, xo);
      var second = FloatVector.fromArray(F, x, xo + LANES);
      var third = FloatVector.fromArray(F, x, xo + 2 * LANES);
      var fourth = FloatVector.fromArray(F, x, xo + 3 * LANES - 3);
      var lower = first.rearrange(LOWER, second);
      lower.blend(third.rearrange(UPPER, fourth), IS_UPPER).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }
}
