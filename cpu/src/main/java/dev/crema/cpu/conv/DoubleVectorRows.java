package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;

/** Rows of neighbours, vector by vector. */
final class DoubleVectorRows {
  private DoubleVectorRows() {}

  /** The last vector of a row ends where the row does, over elements that are there already. */
  static void copy(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    int last = n - D_LENGTH;
    if (last < 0) {
      copyShort(x, xo, pitch, y, yo, toPitch, rows, n);
      return;
    }
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < last; i += D_LENGTH) {
        DoubleVector.fromArray(D, x, xo + i).intoArray(y, yo + i);
      }
      DoubleVector.fromArray(D, x, xo + last).intoArray(y, yo + last);
      xo += pitch;
      yo += toPitch;
    }
  }

  private static void copyShort(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = x[xo + i];
      }
      xo += pitch;
      yo += toPitch;
    }
  }

  /** y += x; the last vector of a row is masked. */
  static void add(double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    int last = Math.max(0, (n - 1) / D_LENGTH * D_LENGTH);
    var tail = D.indexInRange(last, n);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < last; i += D_LENGTH) {
        DoubleVector.fromArray(D, y, yo + i)
            .add(DoubleVector.fromArray(D, x, xo + i))
            .intoArray(y, yo + i);
      }
      DoubleVector.fromArray(D, y, yo + last, tail)
          .add(DoubleVector.fromArray(D, x, xo + last, tail))
          .intoArray(y, yo + last, tail);
      xo += pitch;
      yo += toPitch;
    }
  }
}
