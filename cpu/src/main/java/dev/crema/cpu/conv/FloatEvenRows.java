package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_128;
import static dev.crema.cpu.simd.Lanes.F_256;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;
import static dev.crema.cpu.simd.Lanes.HAS_256;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Every second element of rows: the lower half of a result's lanes are the even lanes of one
 * vector, the upper half the odd lanes of the one that starts a place before the next, which ends
 * with the last element needed. Columns as in {@link FloatVectorRows}.
 */
final class FloatEvenRows {
  private static final VectorShuffle<Float> PICK = pick(F);
  private static final VectorShuffle<Float> PICK_256 = pick(F_256);
  private static final VectorShuffle<Float> PICK_128 = pick(F_128);

  private FloatEvenRows() {}

  /** Even lanes of the first, then odd lanes of the second, which are numbered from −length on. */
  private static VectorShuffle<Float> pick(VectorSpecies<Float> species) {
    int lanes = species.length();
    return VectorShuffle.fromOp(species, i -> 2 * i < lanes ? 2 * i : 2 * i - lanes + 1 - lanes);
  }

  /** y[i] = x[2·i]. */
  static void copy(float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    if (n >= F_LENGTH) {
      int last = n - F_LENGTH;
      for (int i = 0; i < last; i += F_LENGTH) {
        copyColumn(x, xo + 2 * i, pitch, y, yo + i, toPitch, rows);
      }
      copyColumn(x, xo + 2 * last, pitch, y, yo + last, toPitch, rows);
    } else if (HAS_256 && n >= F_256.length()) {
      int last = n - F_256.length();
      copy256(x, xo, pitch, y, yo, toPitch, rows);
      copy256(x, xo + 2 * last, pitch, y, yo + last, toPitch, rows);
    } else if (n >= F_128.length()) {
      int last = n - F_128.length();
      copy128(x, xo, pitch, y, yo, toPitch, rows);
      copy128(x, xo + 2 * last, pitch, y, yo + last, toPitch, rows);
    } else {
      copyOneByOne(x, xo, pitch, y, yo, toPitch, rows, n);
    }
  }

  private static void copyColumn(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      var first = FloatVector.fromArray(F, x, xo);
      var second = FloatVector.fromArray(F, x, xo + F_LENGTH - 1);
      first.rearrange(PICK, second).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copy256(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      var first = FloatVector.fromArray(F_256, x, xo);
      var second = FloatVector.fromArray(F_256, x, xo + F_256.length() - 1);
      first.rearrange(PICK_256, second).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copy128(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      var first = FloatVector.fromArray(F_128, x, xo);
      var second = FloatVector.fromArray(F_128, x, xo + F_128.length() - 1);
      first.rearrange(PICK_128, second).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copyOneByOne(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = x[xo + 2 * i];
      }
      xo += pitch;
      yo += toPitch;
    }
  }
}
