package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;

/**
 * Rows of neighbours, a column of vectors at a time: rows are short and there are many, so the
 * inner loop goes down. The last column ends where the rows do, over elements that are done
 * already. Rows shorter than a vector are {@link DoubleShortRows}.
 */
final class DoubleVectorRows {
  private DoubleVectorRows() {}

  /** y = x. */
  static void copy(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    int last = n - D_LENGTH;
    if (last < 0) {
      DoubleShortRows.copy(x, xo, pitch, y, yo, toPitch, rows, n);
      return;
    }
    for (int i = 0; i < last; i += D_LENGTH) {
      copyColumn(x, xo + i, pitch, y, yo + i, toPitch, rows);
    }
    copyColumn(x, xo + last, pitch, y, yo + last, toPitch, rows);
  }

  /** y += x. */
  static void add(double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int n) {
    int last = n - D_LENGTH;
    if (last < 0) {
      DoubleShortRows.add(x, xo, pitch, y, yo, toPitch, rows, n);
      return;
    }
    int i = 0;
    for (; i < last; i += D_LENGTH) {
      addColumn(x, xo + i, pitch, y, yo + i, toPitch, rows, 0);
    }
    addColumn(x, xo + last, pitch, y, yo + last, toPitch, rows, i - last);
  }

  private static void copyColumn(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      DoubleVector.fromArray(D, x, xo).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  /** Leaves the first lanes, {@code done} of them, as they are. */
  private static void addColumn(
      double[] x, int xo, int pitch, double[] y, int yo, int toPitch, int rows, int done) {
    var open = D.indexInRange(0, done).not();
    for (int r = 0; r < rows; r++) {
      DoubleVector.fromArray(D, y, yo).add(DoubleVector.fromArray(D, x, xo), open).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  /** See {@link Rows#gather}: a run is a vector, whatever its length. */
  static void gather(
      double[] x,
      int xo,
      int[] starts,
      int from,
      int end,
      int[] runs,
      int first,
      int last,
      double[] y,
      int yo,
      int pitch) {
    for (int j = from; j < end; j++) {
      int in = xo + starts[j];
      for (int r = first; r < last; r += ColumnRuns.SIZE) {
        DoubleVector.fromArray(D, x, in + runs[r]).intoArray(y, yo + runs[r + 1]);
      }
      yo += pitch;
    }
  }
}
