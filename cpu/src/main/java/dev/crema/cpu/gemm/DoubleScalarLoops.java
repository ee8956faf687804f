package dev.crema.cpu.gemm;

/**
 * {@link DoubleVectorLoops} without the Vector API, for any JVM. No {@code Math.fma}, which is slow
 * where the CPU has none.
 */
final class DoubleScalarLoops {
  private DoubleScalarLoops() {}

  static void axpy4(
      double x0,
      double x1,
      double x2,
      double x3,
      double[] b,
      int bo,
      int brs,
      int n,
      double[] c,
      int co) {
    int b1 = bo + brs;
    int b2 = b1 + brs;
    int b3 = b2 + brs;
    for (int j = 0; j < n; j++) {
      double sum = c[co + j] + x0 * b[bo + j];
      sum += x1 * b[b1 + j];
      sum += x2 * b[b2 + j];
      c[co + j] = sum + x3 * b[b3 + j];
    }
  }

  static void axpy1(double x, double[] b, int bo, int n, double[] c, int co) {
    for (int j = 0; j < n; j++) {
      c[co + j] += x * b[bo + j];
    }
  }
}
