package dev.crema.cpu.gemm;

/**
 * {@link FloatVectorLoops} without the Vector API, for any JVM. No {@code Math.fma}, which is slow
 * where the CPU has none.
 */
final class FloatScalarLoops {
  private FloatScalarLoops() {}

  static void axpy4(
      float x0,
      float x1,
      float x2,
      float x3,
      float[] b,
      int bo,
      int brs,
      int n,
      float[] c,
      int co) {
    int b1 = bo + brs;
    int b2 = b1 + brs;
    int b3 = b2 + brs;
    for (int j = 0; j < n; j++) {
      float sum = c[co + j] + x0 * b[bo + j];
      sum += x1 * b[b1 + j];
      sum += x2 * b[b2 + j];
      c[co + j] = sum + x3 * b[b3 + j];
    }
  }

  static void axpy1(float x, float[] b, int bo, int n, float[] c, int co) {
    for (int j = 0; j < n; j++) {
      c[co + j] += x * b[bo + j];
    }
  }
}
