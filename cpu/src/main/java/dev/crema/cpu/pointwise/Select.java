package dev.crema.cpu.pointwise;

import dev.crema.cpu.simd.Simd;

/** y[yo + i] = c[co + i] ≠ 0 ? a[ao + i] : b[bo + i], all of one floating type. */
final class Select {
  private Select() {}

  static void run(Object c, int co, Object a, int ao, Object b, int bo, Object y, int yo, int n) {
    int done = Simd.VECTOR ? VectorSelect.run(c, co, a, ao, b, bo, y, yo, n) : 0;
    if (y instanceof float[] to) {
      float[] conditions = (float[]) c;
      float[] p = (float[]) a;
      float[] q = (float[]) b;
      for (int i = done; i < n; i++) {
        to[yo + i] = conditions[co + i] != 0 ? p[ao + i] : q[bo + i];
      }
    } else {
      double[] to64 = (double[]) y;
      double[] conditions = (double[]) c;
      double[] p = (double[]) a;
      double[] q = (double[]) b;
      for (int i = done; i < n; i++) {
        to64[yo + i] = conditions[co + i] != 0 ? p[ao + i] : q[bo + i];
      }
    }
  }
}
