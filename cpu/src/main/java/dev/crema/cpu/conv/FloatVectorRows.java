package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;

/**
 * Rows of neighbours, a column of vectors at a time: rows are short and there are many, so the
 * inner loop goes down. The last column ends where the rows do, over elements that are done
 * already. Rows shorter than a vector are {@link FloatShortRows}.
 */
final class FloatVectorRows {
  private FloatVectorRows() {}

  /** y = x. */
  static void copy(float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    int last = n - F_LENGTH;
    if (last < 0) {
      FloatShortRows.copy(x, xo, pitch, y, yo, toPitch, rows, n);
      return;
    }
    for (int i = 0; i < last; i += F_LENGTH) {
      copyColumn(x, xo + i, pitch, y, yo + i, toPitch, rows);
    }
    copyColumn(x, xo + last, pitch, y, yo + last, toPitch, rows);
  }

  /** y += x. */
  static void add(float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int n) {
    int last = n - F_LENGTH;
    if (last < 0) {
      FloatShortRows.add(x, xo, pitch, y, yo, toPitch, rows, n);
      return;
    }
    int i = 0;
    for (; i < last; i += F_LENGTH) {
      addColumn(x, xo + i, pitch, y, yo + i, toPitch, rows, 0);
    }
    addColumn(x, xo + last, pitch, y, yo + last, toPitch, rows, i - last);
  }

  private static void copyColumn(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows) {
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(F, x, xo).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  /** Leaves the first lanes, {@code done} of them, as they are. */
  private static void addColumn(
      float[] x, int xo, int pitch, float[] y, int yo, int toPitch, int rows, int done) {
    var open = F.indexInRange(0, done).not();
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(F, y, yo).add(FloatVector.fromArray(F, x, xo), open).intoArray(y, yo);
      xo += pitch;
      yo += toPitch;
    }
  }

  /** See {@link Rows#gather}: a run is a vector, whatever its length. */
  static void gather(
      float[] x,
      int xo,
      int[] starts,
      int from,
      int end,
      int[] runs,
      int first,
      int last,
      float[] y,
      int yo,
      int pitch) {
    for (int j = from; j < end; j++) {
      int in = xo + starts[j];
      for (int r = first; r < last; r += ColumnRuns.SIZE) {
        FloatVector.fromArray(F, x, in + runs[r]).intoArray(y, yo + runs[r + 1]);
      }
      yo += pitch;
    }
  }
}
