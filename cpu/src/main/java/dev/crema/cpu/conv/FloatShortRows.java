package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.F_128;
import static dev.crema.cpu.simd.Lanes.F_256;
import static dev.crema.cpu.simd.Lanes.HAS_256;

import jdk.incubator.vector.FloatVector;

/**
 * Rows shorter than a vector, with narrower ones: as in {@link FloatVectorRows}, the last column
 * ends where the rows do. What is shorter than the narrowest goes one by one.
 */
final class FloatShortRows {
  private FloatShortRows() {}

  /** y = x. */
  static void copy(float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    if (HAS_256 && n >= F_256.length()) {
      int last = n - F_256.length();
      copy256(x, xo, pitch, y, yo, toPitch, rows);
      copy256(x, xo + last, pitch, y, yo + last, toPitch, rows);
    } else if (n >= F_128.length()) {
      int last = n - F_128.length();
      copy128(x, xo, pitch, y, yo, toPitch, rows);
      copy128(x, xo + last, pitch, y, yo + last, toPitch, rows);
    } else {
      copyOneByOne(x, xo, pitch, y, yo, toPitch, rows, n);
    }
  }

  /** y += x. */
  static void add(float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    if (HAS_256 && n >= F_256.length()) {
      int last = n - F_256.length();
      add256(x, xo, pitch, y, yo, toPitch, rows, 0);
      add256(x, xo + last, pitch, y, yo + last, toPitch, rows, F_256.length() - last);
    } else if (n >= F_128.length()) {
      int last = n - F_128.length();
      add128(x, xo, pitch, y, yo, toPitch, rows, 0);
      add128(x, xo + last, pitch, y, yo + last, toPitch, rows, F_128.length() - last);
    } else {
      addOneByOne(x, xo, pitch, y, yo, toPitch, rows, n);
    }
  }

  private static void copy256(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(F_256, x, xo).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copy128(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(F_128, x, xo).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  /** Leaves the first lanes, {@code done} of them, as they are. */
  private static void add256(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int done) {
    var open = F_256.indexInRange(0, done).not();
    for (int r = 0; r < rows; r++) {
      var sum = FloatVector.fromArray(F_256, y, yo).add(FloatVector.fromArray(F_256, x, xo), open);
      sum.intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  /** Leaves the first lanes, {@code done} of them, as they are. */
  private static void add128(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int done) {
    var open = F_128.indexInRange(0, done).not();
    for (int r = 0; r < rows; r++) {
      var sum = FloatVector.fromArray(F_128, y, yo).add(FloatVector.fromArray(F_128, x, xo), open);
      sum.intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copyOneByOne(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = x[xo + i];
      }
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void addOneByOne(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + i] += x[xo + i];
      }
      xo += pitch;
      yo += toPitch;
    }
  }
}
