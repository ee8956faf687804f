package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_128;
import static dev.crema.cpu.simd.Lanes.D_256;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;
import static dev.crema.cpu.simd.Lanes.HAS_256;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Every second element of rows: the lower half of a result's lanes are the even lanes of one
 * vector, the upper half the odd lanes of the one that starts a place before the next, which ends
 * with the last element needed. Columns as in {@link DoubleVectorRows}.
 */
final class DoubleEvenRows {
  private static final VectorShuffle<Double> PICK = pick(D);
  private static final VectorShuffle<Double> PICK_256 = pick(D_256);
  private static final VectorShuffle<Double> PICK_128 = pick(D_128);

  private DoubleEvenRows() {}

  /** Even lanes of the first, then odd lanes of the second, which are numbered from −length on. */
  private static VectorShuffle<Double> pick(VectorSpecies<Double> species) {
    int lanes = species.length();
    return VectorShuffle.fromOp(species, i -> 2 * i < lanes ? 2 * i : 2 * i - lanes + 1 - lanes);
  }

  /** y[i] = x[2·i]. */
  static void copy(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    if (n >= D_LENGTH) {
      int last = n - D_LENGTH;
      for (int i = 0; i < last; i += D_LENGTH) {
        copyColumn(x, xo + 2 * i, pitch, y, yo + i, toPitch, rows);
      }
      copyColumn(x, xo + 2 * last, pitch, y, yo + last, toPitch, rows);
    } else if (HAS_256 && n >= D_256.length()) {
      int last = n - D_256.length();
      copy256(x, xo, pitch, y, yo, toPitch, rows);
      copy256(x, xo + 2 * last, pitch, y, yo + last, toPitch, rows);
    } else if (n >= D_128.length()) {
      int last = n - D_128.length();
      copy128(x, xo, pitch, y, yo, toPitch, rows);
      copy128(x, xo + 2 * last, pitch, y, yo + last, toPitch, rows);
    } else {
      copyOneByOne(x, xo, pitch, y, yo, toPitch, rows, n);
    }
  }

  private static void copyColumn(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      var first = DoubleVector.fromArray(D, x, xo);
      var second = DoubleVector.fromArray(D, x, xo + D_LENGTH - 1);
      first.rearrange(PICK, second).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copy256(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      var first = DoubleVector.fromArray(D_256, x, xo);
      var second = DoubleVector.fromArray(D_256, x, xo + D_256.length() - 1);
      first.rearrange(PICK_256, second).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copy128(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      var first = DoubleVector.fromArray(D_128, x, xo);
      var second = DoubleVector.fromArray(D_128, x, xo + D_128.length() - 1);
      first.rearrange(PICK_128, second).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copyOneByOne(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = x[xo + 2 * i];
      }
      xo += pitch;
      yo += toPitch;
    }
  }
}
