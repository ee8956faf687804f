package dev.crema.cpu.gemm;

import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.Arrays;

/** {@link GemmKernel} of f32: vector loops where the JVM has vectors. */
final class FloatKernel implements GemmKernel {
  static final FloatKernel INSTANCE = new FloatKernel();

  private static final Tiles TILES = new Tiles(DType.F32);
  private static final int LANES = TILES.lanes();

  private FloatKernel() {}

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public Tiles tiles() {
    return TILES;
  }

  @Override
  public void pack(
      Object x, int xo, int cs, int ks, int count, int k, int width, Object to, int at) {
    FloatPacking.pack((float[]) x, xo, cs, ks, count, k, width, (float[]) to, at);
  }

  @Override
  public void scatter(Object x, int xo, int count, Object to, int at, int panel) {
    FloatPacking.scatter((float[]) x, xo, count, nr(), (float[]) to, at, panel);
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
    float[] from = (float[]) x;
    float[] to = (float[]) c;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = from[i * ldx + j];
        float value = accumulate ? to[co + j] + sum : sum;
        to[co + j] = relu ? Math.max(value, 0f) : value;
      }
      co += ldc;
    }
  }

  /** In squares of 16, whose lines stay in the L1 cache. */
  @Override
  public void turn(Object x, int m, int n, Object c, int co, int ldc) {
    float[] from = (float[]) x;
    float[] to = (float[]) c;
    for (int i = 0; i < m; i += 16) {
      int high = Math.min(16, m - i);
      for (int j = 0; j < n; j += 16) {
        square(from, j * m + i, m, high, Math.min(16, n - j), to, co + i * ldc + j, ldc);
      }
    }
  }

  private static void square(
      float[] from, int at, int ldx, int m, int n, float[] to, int co, int ldc) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        to[co + i * ldc + j] = from[at + j * ldx + i];
      }
    }
  }

  @Override
  public void addLanes(Object sums, int so, int n, Object c, int co) {
    float[] from = (float[]) sums;
    float[] to = (float[]) c;
    for (int j = 0; j < n; j++) {
      float sum = 0f;
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
    float[] x = (float[]) a;
    float[] w = (float[]) b;
    float[] y = (float[]) c;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = y[co + j];
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
    float[] x = (float[]) a;
    float[] w = (float[]) b;
    float[] y = (float[]) c;
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
    if (Simd.VECTOR) {
      FloatVectorLoops.axpy4(x0, x1, x2, x3, b, bo, brs, n, c, co);
    } else {
      FloatScalarLoops.axpy4(x0, x1, x2, x3, b, bo, brs, n, c, co);
    }
  }

  private static void axpy1(float x, float[] b, int bo, int n, float[] c, int co) {
    if (Simd.VECTOR) {
      FloatVectorLoops.axpy1(x, b, bo, n, c, co);
    } else {
      FloatScalarLoops.axpy1(x, b, bo, n, c, co);
    }
  }

  @Override
  public void clear(Object c, int co, int ldc, int m, int n) {
    clear((float[]) c, co, ldc, m, n);
  }

  private static void clear(float[] c, int co, int ldc, int m, int n) {
    for (int i = 0; i < m; i++) {
      Arrays.fill(c, co + i * ldc, co + i * ldc + n, 0f);
    }
  }
}
