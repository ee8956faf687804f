package dev.crema.cpu.pointwise;

import dev.crema.tensor.DType;
import java.util.Arrays;

/**
 * Moves a run of elements from one array to another of any type, at any two steps: y[yo + i·ys] =
 * x[xo + i·xs]. To integers by Java's narrowing, to bool as x ≠ 0; u8 is unsigned, bool 0 or 1; to
 * and from f16 and bf16 by way of f32.
 */
public final class Cast {
  private Cast() {}

  /** Moves n elements; x and y are arrays of the dtypes' types. */
  public static void run(
      DType from, Object x, int xo, int xs, DType to, Object y, int yo, int ys, int n) {
    if (from == to && ys == 1 && xs == 1) {
      System.arraycopy(x, xo, y, yo, n);
      return;
    }
    if (to.isHalf()) {
      HalfCast.to(from, x, xo, xs, to, (short[]) y, yo, ys, n);
      return;
    }
    switch (from) {
      case F16, BF16 -> HalfCast.from(from, (short[]) x, xo, xs, to, y, yo, ys, n);
      case F32 -> fromF32((float[]) x, xo, xs, to, y, yo, ys, n);
      case F64 -> fromF64((double[]) x, xo, xs, to, y, yo, ys, n);
      case I32 -> fromI32((int[]) x, xo, xs, to, y, yo, ys, n);
      case I64 -> fromI64((long[]) x, xo, xs, to, y, yo, ys, n);
      case U8, BOOL -> fromU8((byte[]) x, xo, xs, to, y, yo, ys, n);
    }
  }

  private static void fromF32(
      float[] x, int xo, int xs, DType to, Object y, int yo, int ys, int n) {
    switch (to) {
      case F32 -> {
        float[] d = (float[]) y;
        if (xs == 0 && ys == 1) {
          Arrays.fill(d, yo, yo + n, x[xo]);
          return;
        }
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs];
        }
      }
      case F64 -> {
        double[] d = (double[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs];
        }
      }
      case I32 -> {
        int[] d = (int[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (int) x[xo + i * xs];
        }
      }
      case I64 -> {
        long[] d = (long[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (long) x[xo + i * xs];
        }
      }
      case U8 -> {
        byte[] d = (byte[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (byte) x[xo + i * xs];
        }
      }
      case BOOL -> {
        byte[] d = (byte[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (byte) (x[xo + i * xs] != 0 ? 1 : 0);
        }
      }
      case F16, BF16 -> throw new IllegalStateException("HalfCast does this");
    }
  }

  private static void fromF64(
      double[] x, int xo, int xs, DType to, Object y, int yo, int ys, int n) {
    switch (to) {
      case F32 -> {
        float[] d = (float[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (float) x[xo + i * xs];
        }
      }
      case F64 -> {
        double[] d = (double[]) y;
        if (xs == 0 && ys == 1) {
          Arrays.fill(d, yo, yo + n, x[xo]);
          return;
        }
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs];
        }
      }
      case I32 -> {
        int[] d = (int[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (int) x[xo + i * xs];
        }
      }
      case I64 -> {
        long[] d = (long[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (long) x[xo + i * xs];
        }
      }
      case U8 -> {
        byte[] d = (byte[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (byte) x[xo + i * xs];
        }
      }
      case BOOL -> {
        byte[] d = (byte[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (byte) (x[xo + i * xs] != 0 ? 1 : 0);
        }
      }
      case F16, BF16 -> throw new IllegalStateException("HalfCast does this");
    }
  }

  private static void fromI32(int[] x, int xo, int xs, DType to, Object y, int yo, int ys, int n) {
    switch (to) {
      case F32 -> {
        float[] d = (float[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (float) x[xo + i * xs];
        }
      }
      case F64 -> {
        double[] d = (double[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs];
        }
      }
      case I32 -> {
        int[] d = (int[]) y;
        if (xs == 0 && ys == 1) {
          Arrays.fill(d, yo, yo + n, x[xo]);
          return;
        }
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs];
        }
      }
      case I64 -> {
        long[] d = (long[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs];
        }
      }
      case U8 -> {
        byte[] d = (byte[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (byte) x[xo + i * xs];
        }
      }
      case BOOL -> {
        byte[] d = (byte[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (byte) (x[xo + i * xs] != 0 ? 1 : 0);
        }
      }
      case F16, BF16 -> throw new IllegalStateException("HalfCast does this");
    }
  }

  private static void fromI64(long[] x, int xo, int xs, DType to, Object y, int yo, int ys, int n) {
    switch (to) {
      case F32 -> {
        float[] d = (float[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (float) x[xo + i * xs];
        }
      }
      case F64 -> {
        double[] d = (double[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (double) x[xo + i * xs];
        }
      }
      case I32 -> {
        int[] d = (int[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (int) x[xo + i * xs];
        }
      }
      case I64 -> {
        long[] d = (long[]) y;
        if (xs == 0 && ys == 1) {
          Arrays.fill(d, yo, yo + n, x[xo]);
          return;
        }
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs];
        }
      }
      case U8 -> {
        byte[] d = (byte[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (byte) x[xo + i * xs];
        }
      }
      case BOOL -> {
        byte[] d = (byte[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (byte) (x[xo + i * xs] != 0 ? 1 : 0);
        }
      }
      case F16, BF16 -> throw new IllegalStateException("HalfCast does this");
    }
  }

  private static void fromU8(byte[] x, int xo, int xs, DType to, Object y, int yo, int ys, int n) {
    switch (to) {
      case F32 -> {
        float[] d = (float[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs] & 0xFF;
        }
      }
      case F64 -> {
        double[] d = (double[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs] & 0xFF;
        }
      }
      case I32 -> {
        int[] d = (int[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs] & 0xFF;
        }
      }
      case I64 -> {
        long[] d = (long[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs] & 0xFF;
        }
      }
      case U8 -> {
        byte[] d = (byte[]) y;
        if (xs == 0 && ys == 1) {
          Arrays.fill(d, yo, yo + n, x[xo]);
          return;
        }
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = x[xo + i * xs];
        }
      }
      case BOOL -> {
        byte[] d = (byte[]) y;
        for (int i = 0; i < n; i++) {
          d[yo + i * ys] = (byte) (x[xo + i * xs] != 0 ? 1 : 0);
        }
      }
      case F16, BF16 -> throw new IllegalStateException("HalfCast does this");
    }
  }
}
