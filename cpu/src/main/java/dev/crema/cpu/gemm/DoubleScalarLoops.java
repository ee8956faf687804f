package dev.crema.cpu.gemm;

/**
 * {@link DoubleVectorLoops} without the Vector API, for any JVM. No {@code Math.fma}, which is slow
 * where the CPU has none.
 */
final class DoubleScalarLoops {
  private DoubleScalarLoops() {}

  static void dot4x2(
      double[] a, int ao, int ars, double[] b, int bo, int bcs, int k, double[] sums, int so) {
    double c0a = 0;
    double c0b = 0;
    double c1a = 0;
    double c1b = 0;
    double c2a = 0;
    double c2b = 0;
    double c3a = 0;
    double c3b = 0;
    int a1 = ao + ars;
    int a2 = a1 + ars;
    int a3 = a2 + ars;
    int b1 = bo + bcs;
    for (int p = 0; p < k; p++) {
      double vb0 = b[bo + p];
      double vb1 = b[b1 + p];
      c0a += a[ao + p] * vb0;
      c0b += a[ao + p] * vb1;
      c1a += a[a1 + p] * vb0;
      c1b += a[a1 + p] * vb1;
      c2a += a[a2 + p] * vb0;
      c2b += a[a2 + p] * vb1;
      c3a += a[a3 + p] * vb0;
      c3b += a[a3 + p] * vb1;
    }
    sums[so] = c0a;
    sums[so + 1] = c0b;
    sums[so + 2] = c1a;
    sums[so + 3] = c1b;
    sums[so + 4] = c2a;
    sums[so + 5] = c2b;
    sums[so + 6] = c3a;
    sums[so + 7] = c3b;
  }

  static void dot1x4(
      double[] a, int ao, double[] b, int bo, int bcs, int k, double[] sums, int so) {
    double c0 = 0;
    double c1 = 0;
    double c2 = 0;
    double c3 = 0;
    int b1 = bo + bcs;
    int b2 = b1 + bcs;
    int b3 = b2 + bcs;
    for (int p = 0; p < k; p++) {
      double x = a[ao + p];
      c0 += x * b[bo + p];
      c1 += x * b[b1 + p];
      c2 += x * b[b2 + p];
      c3 += x * b[b3 + p];
    }
    sums[so] = c0;
    sums[so + 1] = c1;
    sums[so + 2] = c2;
    sums[so + 3] = c3;
  }

  static void dot1x1(double[] a, int ao, double[] b, int bo, int k, double[] sums, int so) {
    double sum = 0;
    for (int p = 0; p < k; p++) {
      sum += a[ao + p] * b[bo + p];
    }
    sums[so] = sum;
  }

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
