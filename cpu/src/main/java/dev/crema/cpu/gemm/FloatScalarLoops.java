package dev.crema.cpu.gemm;

/**
 * {@link FloatVectorLoops} without the Vector API, for any JVM. No {@code Math.fma}, which is slow
 * where the CPU has none.
 */
final class FloatScalarLoops {
  private FloatScalarLoops() {}

  static void dot4x2(
      float[] a, int ao, int ars, float[] b, int bo, int bcs, int k, float[] sums, int so) {
    float c0a = 0;
    float c0b = 0;
    float c1a = 0;
    float c1b = 0;
    float c2a = 0;
    float c2b = 0;
    float c3a = 0;
    float c3b = 0;
    int a1 = ao + ars;
    int a2 = a1 + ars;
    int a3 = a2 + ars;
    int b1 = bo + bcs;
    for (int p = 0; p < k; p++) {
      float vb0 = b[bo + p];
      float vb1 = b[b1 + p];
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

  static void dot1x4(float[] a, int ao, float[] b, int bo, int bcs, int k, float[] sums, int so) {
    float c0 = 0;
    float c1 = 0;
    float c2 = 0;
    float c3 = 0;
    int b1 = bo + bcs;
    int b2 = b1 + bcs;
    int b3 = b2 + bcs;
    for (int p = 0; p < k; p++) {
      float x = a[ao + p];
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

  static void dot1x1(float[] a, int ao, float[] b, int bo, int k, float[] sums, int so) {
    float sum = 0;
    for (int p = 0; p < k; p++) {
      sum += a[ao + p] * b[bo + p];
    }
    sums[so] = sum;
  }

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
