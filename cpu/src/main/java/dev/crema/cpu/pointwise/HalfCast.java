package dev.crema.cpu.pointwise;

import dev.crema.tensor.DType;
import dev.crema.tensor.Half;

/** {@link Cast} for f16 and bf16, whose elements are bits in shorts: by way of a tile of floats. */
final class HalfCast {
  private static final int TILE = 512;

  private HalfCast() {}

  /** From f16 or bf16 to another type that is neither. */
  static void from(
      DType from, short[] x, int xo, int xs, DType to, Object y, int yo, int ys, int n) {
    float[] tile = new float[Math.min(n, TILE)];
    for (int first = 0; first < n; first += TILE) {
      int count = Math.min(TILE, n - first);
      load(from, x, xo + first * xs, xs, tile, count);
      Cast.run(DType.F32, tile, 0, 1, to, y, yo + first * ys, ys, count);
    }
  }

  /** From any type to f16 or bf16. */
  static void to(DType from, Object x, int xo, int xs, DType to, short[] y, int yo, int ys, int n) {
    if (from == to) {
      for (int i = 0; i < n; i++) {
        y[yo + i * ys] = ((short[]) x)[xo + i * xs];
      }
      return;
    }
    float[] tile = new float[Math.min(n, TILE)];
    for (int first = 0; first < n; first += TILE) {
      int count = Math.min(TILE, n - first);
      if (from.isHalf()) {
        load(from, (short[]) x, xo + first * xs, xs, tile, count);
      } else {
        Cast.run(from, x, xo + first * xs, xs, DType.F32, tile, 0, 1, count);
      }
      for (int i = 0; i < count; i++) {
        y[yo + (first + i) * ys] = Half.bits(to, tile[i]);
      }
    }
  }

  private static void load(DType from, short[] x, int xo, int xs, float[] tile, int n) {
    for (int i = 0; i < n; i++) {
      tile[i] = Half.value(from, x[xo + i * xs]);
    }
  }
}
