package dev.crema.cpu.gemm;

import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.Arrays;

/** {@link GemmKernel} of f64: vector loops where the JVM has vectors. */
final class DoubleKernel implements GemmKernel {
  static final DoubleKernel INSTANCE = new DoubleKernel();

  private static final Tiles TILES = new Tiles(DType.F64);
  private static final int LANES = TILES.lanes();

  private DoubleKernel() {}

  @Override
  public DType dtype() {
    return DType.F64;
  }

  @Override
  public Tiles tiles() {
    return TILES;
  }

  @Override
  public void pack(
      Object x, int xo, int cs, int ks, int count, int k, int width, Object to, int at) {
    DoublePacking.pack((double[]) x, xo, cs, ks, count, k, width, (double[]) to, at);
  }

  @Override
  public void scatter(Object x, int xo, int count, Object to, int at, int panel) {
    DoublePacking.scatter((double[]) x, xo, count, nr(), (double[]) to, at, panel);
  }

  @Override
  public void put(
      Object x,
      int ldx,
      int m,
      int n,
      boolean accumulate,
      boolean relu,
      Object c,
      int co,
      int ldc) {
    double[] from = (double[]) x;
    double[] to = (double[]) c;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = from[i * ldx + j];
        double value = accumulate ? to[co + j] + sum : sum;
        to[co + j] = relu ? Math.max(value, 0.0) : value;
      }
      co += ldc;
    }
  }

  /** In squares of 16, whose lines stay in the L1 cache. */
  @Override
  public void turn(Object x, int m, int n, Object c, int co, int ldc) {
    double[] from = (double[]) x;
    double[] to = (double[]) c;
    for (int i = 0; i < m; i += 16) {
      int high = Math.min(16, m - i);
      for (int j = 0; j < n; j += 16) {
        square(from, j * m + i, m, high, Math.min(16, n - j), to, co + i * ldc + j, ldc);
      }
    }
  }

  private static void square(
      double[] from, int at, int ldx, int m, int n, double[] to, int co, int ldc) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        to[co + i * ldc + j] = from[at + j * ldx + i];
      }
    }
  }

  @Override
  public void addLanes(Object sums, int so, int n, Object c, int co) {
    double[] from = (double[]) sums;
    double[] to = (double[]) c;
    for (int j = 0; j < n; j++) {
      double sum = 0.0;
      for (int l = 0; l < LANES; l++) {
        sum += from[so + j * LANES + l];
      }
      to[co + j] = sum;
    }
  }

  @Override
  public void dots(
      Object a,
      int ao,
      int ars,
      Object b,
      int bo,
      int bcs,
      int m,
      int n,
      int k,
      Object c,
      int co,
      int ldc,
      Object sums,
      int so) {
    double[] x = (double[]) a;
    double[] w = (double[]) b;
    double[] y = (double[]) c;
    double[] s = (double[]) sums;
    int body = k - k % LANES;
    int i = 0;
    for (; i + 4 <= m; i += 4) {
      int row = ao + i * ars;
      int j = 0;
      for (; j + 2 <= n; j += 2) {
        int column = bo + j * bcs;
        dot4x2(x, row, ars, w, column, bcs, body, s, so);
        finish4x2(x, row, ars, w, column, bcs, body, k, s, so, y, co + i * ldc + j, ldc);
      }
      for (; j < n; j++) {
        for (int r = i; r < i + 4; r++) {
          one(x, ao + r * ars, w, bo + j * bcs, body, k, s, so, y, co + r * ldc + j);
        }
      }
    }
    for (; i < m; i++) {
      int row = ao + i * ars;
      int j = 0;
      for (; j + 4 <= n; j += 4) {
        int column = bo + j * bcs;
        dot1x4(x, row, w, column, bcs, body, s, so);
        finish1(4, x, row, w, column, bcs, body, k, s, so, y, co + i * ldc + j);
      }
      for (; j < n; j++) {
        one(x, row, w, bo + j * bcs, body, k, s, so, y, co + i * ldc + j);
      }
    }
  }

  private static void one(
      double[] a,
      int ao,
      double[] b,
      int bo,
      int body,
      int k,
      double[] sums,
      int so,
      double[] c,
      int co) {
    if (Simd.VECTOR) {
      DoubleVectorLoops.dot1x1(a, ao, b, bo, body, sums, so);
    } else {
      DoubleScalarLoops.dot1x1(a, ao, b, bo, body, sums, so);
    }
    finish1(1, a, ao, b, bo, 0, body, k, sums, so, c, co);
  }

  private static void dot4x2(
      double[] a, int ao, int ars, double[] b, int bo, int bcs, int k, double[] sums, int so) {
    if (Simd.VECTOR) {
      DoubleVectorLoops.dot4x2(a, ao, ars, b, bo, bcs, k, sums, so);
    } else {
      DoubleScalarLoops.dot4x2(a, ao, ars, b, bo, bcs, k, sums, so);
    }
  }

  private static void dot1x4(
      double[] a, int ao, double[] b, int bo, int bcs, int k, double[] sums, int so) {
    if (Simd.VECTOR) {
      DoubleVectorLoops.dot1x4(a, ao, b, bo, bcs, k, sums, so);
    } else {
      DoubleScalarLoops.dot1x4(a, ao, b, bo, bcs, k, sums, so);
    }
  }

  /**
   * Adds up the lanes of eight dot products, in order, then the elements past the last whole
   * vector, to c.
   */
  private static void finish4x2(
      double[] a,
      int ao,
      int ars,
      double[] b,
      int bo,
      int bcs,
      int body,
      int k,
      double[] sums,
      int so,
      double[] c,
      int co,
      int ldc) {
    double s0a = 0;
    double s0b = 0;
    double s1a = 0;
    double s1b = 0;
    double s2a = 0;
    double s2b = 0;
    double s3a = 0;
    double s3b = 0;
    for (int l = so; l < so + LANES; l++) {
      s0a += sums[l];
      s0b += sums[l + LANES];
      s1a += sums[l + 2 * LANES];
      s1b += sums[l + 3 * LANES];
      s2a += sums[l + 4 * LANES];
      s2b += sums[l + 5 * LANES];
      s3a += sums[l + 6 * LANES];
      s3b += sums[l + 7 * LANES];
    }
    for (int p = body; p < k; p++) {
      double b0 = b[bo + p];
      double b1 = b[bo + bcs + p];
      s0a += a[ao + p] * b0;
      s0b += a[ao + p] * b1;
      s1a += a[ao + ars + p] * b0;
      s1b += a[ao + ars + p] * b1;
      s2a += a[ao + 2 * ars + p] * b0;
      s2b += a[ao + 2 * ars + p] * b1;
      s3a += a[ao + 3 * ars + p] * b0;
      s3b += a[ao + 3 * ars + p] * b1;
    }
    c[co] += s0a;
    c[co + 1] += s0b;
    c[co + ldc] += s1a;
    c[co + ldc + 1] += s1b;
    c[co + 2 * ldc] += s2a;
    c[co + 2 * ldc + 1] += s2b;
    c[co + 3 * ldc] += s3a;
    c[co + 3 * ldc + 1] += s3b;
  }

  /** The same for dot products of one row of a with {@code columns} columns of b. */
  private static void finish1(
      int columns,
      double[] a,
      int ao,
      double[] b,
      int bo,
      int bcs,
      int body,
      int k,
      double[] sums,
      int so,
      double[] c,
      int co) {
    for (int j = 0; j < columns; j++) {
      double sum = 0;
      for (int l = 0; l < LANES; l++) {
        sum += sums[so + j * LANES + l];
      }
      for (int p = body; p < k; p++) {
        sum += a[ao + p] * b[bo + j * bcs + p];
      }
      c[co + j] += sum;
    }
  }

  @Override
  public void axpy(
      Object a, int ao, int acs, Object b, int bo, int brs, int n, int k, Object c, int co) {
    double[] x = (double[]) a;
    double[] w = (double[]) b;
    double[] y = (double[]) c;
    int p = 0;
    for (; p + 4 <= k; p += 4) {
      int at = ao + p * acs;
      axpy4(x[at], x[at + acs], x[at + 2 * acs], x[at + 3 * acs], w, bo + p * brs, brs, n, y, co);
    }
    for (; p < k; p++) {
      axpy1(x[ao + p * acs], w, bo + p * brs, n, y, co);
    }
  }

  private static void axpy4(
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
    if (Simd.VECTOR) {
      DoubleVectorLoops.axpy4(x0, x1, x2, x3, b, bo, brs, n, c, co);
    } else {
      DoubleScalarLoops.axpy4(x0, x1, x2, x3, b, bo, brs, n, c, co);
    }
  }

  private static void axpy1(double x, double[] b, int bo, int n, double[] c, int co) {
    if (Simd.VECTOR) {
      DoubleVectorLoops.axpy1(x, b, bo, n, c, co);
    } else {
      DoubleScalarLoops.axpy1(x, b, bo, n, c, co);
    }
  }

  @Override
  public void clear(Object c, int co, int ldc, int m, int n) {
    clear((double[]) c, co, ldc, m, n);
  }

  private static void clear(double[] c, int co, int ldc, int m, int n) {
    for (int i = 0; i < m; i++) {
      Arrays.fill(c, co + i * ldc, co + i * ldc + n, 0.0);
    }
  }
}
