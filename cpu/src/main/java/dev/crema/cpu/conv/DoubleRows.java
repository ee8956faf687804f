package dev.crema.cpu.conv;

import dev.crema.cpu.simd.Simd;
import java.util.Arrays;

/** {@link Rows} of f64. */
final class DoubleRows implements Rows {
  static final DoubleRows INSTANCE = new DoubleRows();

  private DoubleRows() {}

  @Override
  public void copy(
      Object x, int xo, int pitch, int stride, Object y, int yo, int toPitch, int rows, int n) {
    double[] from = (double[]) x;
    double[] to = (double[]) y;
    if (stride == 1 && Simd.VECTOR) {
      DoubleVectorRows.copy(from, xo, pitch, to, yo, toPitch, rows, n);
    } else if (stride == 2 && Simd.VECTOR) {
      DoubleEvenRows.copy(from, xo, pitch, to, yo, toPitch, rows, n);
    } else if (stride == 4 && Simd.VECTOR && DoubleQuarterRows.takes(n)) {
      DoubleQuarterRows.copy(from, xo, pitch, to, yo, toPitch, rows, n);
    } else {
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < n; i++) {
          to[yo + i] = from[xo + i * stride];
        }
        xo += pitch;
        yo += toPitch;
      }
    }
  }

  @Override
  public void spread(
      Object x, int xo, int pitch, Object y, int yo, int toPitch, int stride, int rows, int n) {
    if (stride == 1) {
      copy(x, xo, pitch, 1, y, yo, toPitch, rows, n);
      return;
    }
    double[] from = (double[]) x;
    double[] to = (double[]) y;
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        to[yo + i * stride] = from[xo + i];
      }
      xo += pitch;
      yo += toPitch;
    }
  }

  @Override
  public void move(Object x, int xo, int stride, Object y, int yo, int toStride, int n) {
    double[] from = (double[]) x;
    double[] to = (double[]) y;
    for (int i = 0; i < n; i++) {
      to[yo + i * toStride] = from[xo + i * stride];
    }
  }

  @Override
  public void addBack(
      Object y, int yo, int toPitch, Object x, int xo, int pitch, int stride, int rows, int n) {
    double[] from = (double[]) y;
    double[] to = (double[]) x;
    if (stride == 1 && Simd.VECTOR) {
      DoubleVectorRows.add(from, yo, toPitch, to, xo, pitch, rows, n);
    } else {
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < n; i++) {
          to[xo + i * stride] += from[yo + i];
        }
        xo += pitch;
        yo += toPitch;
      }
    }
  }

  @Override
  public void add(Object x, int xo, Object y, int yo, int n) {
    double[] from = (double[]) x;
    double[] to = (double[]) y;
    for (int i = 0; i < n; i++) {
      to[yo + i] += from[xo + i];
    }
  }

  @Override
  public void gather(
      Object x,
      int xo,
      int[] starts,
      int from,
      int end,
      ColumnRuns runs,
      int panel,
      boolean exact,
      Object y,
      int yo,
      int pitch) {
    int[] numbers = runs.numbers();
    int first = runs.first(panel);
    int last = runs.first(panel + 1);
    if (Simd.VECTOR && !exact) {
      DoubleVectorRows.gather(
          (double[]) x, xo, starts, from, end, numbers, first, last, (double[]) y, yo, pitch);
      return;
    }
    for (int j = from; j < end; j++) {
      for (int r = first; r < last; r += ColumnRuns.SIZE) {
        System.arraycopy(x, xo + starts[j] + numbers[r], y, yo + numbers[r + 1], numbers[r + 2]);
      }
      yo += pitch;
    }
  }

  @Override
  public void zero(Object y, int yo, int n) {
    Arrays.fill((double[]) y, yo, yo + n, 0.0);
  }
}
