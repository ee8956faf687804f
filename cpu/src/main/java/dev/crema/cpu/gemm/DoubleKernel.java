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
  public void addDots(
      int m,
      int n,
      int k,
      Object a,
      int ao,
      int ars,
      Object b,
      int bo,
      int bcs,
      Object c,
      int co,
      int ldc) {
    double[] x = (double[]) a;
    double[] w = (double[]) b;
    double[] y = (double[]) c;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = y[co + j];
        for (int p = 0; p < k; p++) {
          sum += x[ao + p] * w[bo + j * bcs + p];
        }
        y[co + j] = sum;
      }
      ao += ars;
      co += ldc;
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
