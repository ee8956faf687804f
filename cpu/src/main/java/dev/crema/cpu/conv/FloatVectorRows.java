package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;

/** Rows of neighbours, vector by vector. */
final class FloatVectorRows {
  private FloatVectorRows() {}

  /** The last vector of a row ends where the row does, over elements that are there already. */
  static void copy(float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    int last = n - F_LENGTH;
    if (last < 0) {
      copyShort(x, xo, pitch, y, yo, toPitch, rows, n);
      return;
    }
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < last; i += F_LENGTH) {
        FloatVector.fromArray(F, x, xo + i).intoArray(y, yo + i);
      }
      FloatVector.fromArray(F, x, xo + last).intoArray(y, yo + last);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copyShort(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = x[xo + i];
      }
      xo += pitch;
      yo += toPitch;
    }
  }

  /** y += x; the last vector of a row is masked. */
  static void add(float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    int last = Math.max(0, (n - 1) / F_LENGTH * F_LENGTH);
    var tail = F.indexInRange(last, n);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < last; i += F_LENGTH) {
        FloatVector.fromArray(F, y, yo + i)
            .add(FloatVector.fromArray(F, x, xo + i))
            .intoArray(y, yo + i);
      }
      FloatVector.fromArray(F, y, yo + last, tail)
          .add(FloatVector.fromArray(F, x, xo + last, tail))
          .intoArray(y, yo + last, tail);
      xo += pitch;
      yo += toPitch;
    }
  }
}
