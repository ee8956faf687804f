package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.D_128;
import static dev.crema.cpu.simd.Lanes.D_256;
import static dev.crema.cpu.simd.Lanes.HAS_256;

import jdk.incubator.vector.DoubleVector;

/**
 * Rows shorter than a vector, with narrower ones: as in {@link DoubleVectorRows}, the last column
 * ends where the rows do. What is shorter than the narrowest goes one by one.
 */
final class DoubleShortRows {
  private DoubleShortRows() {}

  /** y = x. */
  static void copy(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    if (HAS_256 && n >= D_256.length()) {
      int last = n - D_256.length();
      copy256(x, xo, pitch, y, yo, toPitch, rows);
      copy256(x, xo + last, pitch, y, yo + last, toPitch, rows);
    } else if (n >= D_128.length()) {
      int last = n - D_128.length();
      copy128(x, xo, pitch, y, yo, toPitch, rows);
      copy128(x, xo + last, pitch, y, yo + last, toPitch, rows);
    } else {
      copyOneByOne(x, xo, pitch, y, yo, toPitch, rows, n);
    }
  }

  /** y += x. */
  static void add(double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    if (HAS_256 && n >= D_256.length()) {
      int last = n - D_256.length();
      add256(x, xo, pitch, y, yo, toPitch, rows, 0);
      add256(x, xo + last, pitch, y, yo + last, toPitch, rows, D_256.length() - last);
    } else if (n >= D_128.length()) {
      int last = n - D_128.length();
      add128(x, xo, pitch, y, yo, toPitch, rows, 0);
      add128(x, xo + last, pitch, y, yo + last, toPitch, rows, D_128.length() - last);
    } else {
      addOneByOne(x, xo, pitch, y, yo, toPitch, rows, n);
    }
  }

  private static void copy256(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      DoubleVector.fromArray(D_256, x, xo).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copy128(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      DoubleVector.fromArray(D_128, x, xo).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  /** Leaves the first lanes, {@code done} of them, as they are. */
  private static void add256(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int done) {
    var open = D_256.indexInRange(0, done).not();
    for (int r = 0; r < rows; r++) {
      var sum =
          DoubleVector.fromArray(D_256, y, yo).add(DoubleVector.fromArray(D_256, x, xo), open);
      sum.intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  /** Leaves the first lanes, {@code done} of them, as they are. */
  private static void add128(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int done) {
    var open = D_128.indexInRange(0, done).not();
    for (int r = 0; r < rows; r++) {
      var sum =
          DoubleVector.fromArray(D_128, y, yo).add(DoubleVector.fromArray(D_128, x, xo), open);
      sum.intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copyOneByOne(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = x[xo + i];
      }
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void addOneByOne(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + i] += x[xo + i];
      }
      xo += pitch;
      yo += toPitch;
    }
  }
}
