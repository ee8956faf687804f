package dev.crema.cpu.conv;

import java.util.Arrays;

/** {@link Rows} of f64. Plain loops: C2 vectorises them, and they do nothing but move and add. */
final class DoubleRows implements Rows {
  static final DoubleRows INSTANCE = new DoubleRows();

  private DoubleRows() {}

  @Override
  public void copy(Object from, int fo, int stride, Object to, int at, int n) {
    if (stride == 1) {
      System.arraycopy(from, fo, to, at, n);
      return;
    }
    double[] x = (double[]) from;
    double[] y = (double[]) to;
    for (int i = 0; i < n; i++) {
      y[at + i] = x[fo + i * stride];
    }
  }

  @Override
  public void add(Object from, int fo, Object to, int at, int stride, int n) {
    double[] x = (double[]) from;
    double[] y = (double[]) to;
    if (stride == 1) {
      for (int i = 0; i < n; i++) {
        y[at + i] += x[fo + i];
      }
      return;
    }
    for (int i = 0; i < n; i++) {
      y[at + i * stride] += x[fo + i];
    }
  }

  @Override
  public void repeat(Object from, int fo, Object to, int at, int n) {
    Arrays.fill((double[]) to, at, at + n, ((double[]) from)[fo]);
  }

  @Override
  public void zero(Object to, int at, int n) {
    Arrays.fill((double[]) to, at, at + n, 0.0);
  }
}
