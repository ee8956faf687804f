package dev.crema.cpu.conv;

import java.util.Arrays;

/** {@link Rows} of f32. Plain loops: C2 vectorises them, and they do nothing but move and add. */
final class FloatRows implements Rows {
  static final FloatRows INSTANCE = new FloatRows();

  private FloatRows() {}

  @Override
  public void copy(Object from, int fo, int stride, Object to, int at, int n) {
    if (stride == 1) {
      System.arraycopy(from, fo, to, at, n);
      return;
    }
    float[] x = (float[]) from;
    float[] y = (float[]) to;
    for (int i = 0; i < n; i++) {
      y[at + i] = x[fo + i * stride];
    }
  }

  @Override
  public void add(Object from, int fo, Object to, int at, int stride, int n) {
    float[] x = (float[]) from;
    float[] y = (float[]) to;
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
    Arrays.fill((float[]) to, at, at + n, ((float[]) from)[fo]);
  }

  @Override
  public void zero(Object to, int at, int n) {
    Arrays.fill((float[]) to, at, at + n, 0f);
  }
}
