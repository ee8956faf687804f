package dev.crema.cpu.gemm;

import dev.crema.cpu.simd.Lanes;
import dev.crema.cpu.simd.Simd;
import java.util.Arrays;

/**
 * Copies operands into panels, in the order in which tiles read them. A panel of a is {@code width}
 * rows, stored k by k: all rows' element 0, all rows' element 1, and so on; a panel of b likewise
 * holds columns. The last panel is filled up with zeros. Elements may lie at any strides.
 */
final class FloatPacking {
  private FloatPacking() {}

  /**
   * Packs {@code count} rows (or columns) of {@code k} elements.
   *
   * @param cs how far apart the rows (columns) are
   * @param ks how far apart a row's (column's) elements are
   * @param width rows (columns) to a panel
   */
  static void pack(
      float[] x, int xo, int cs, int ks, int count, int k, int width, float[] to, int at) {
    int whole = count - count % width;
    if (whole < count) {
      Arrays.fill(to, at + whole * k, at + (whole + width) * k, 0f);
    }
    if (cs == 1 && width >= 8) {
      for (int p = 0; p < k; p++) {
        scatter(x, xo + p * ks, count, width, to, at + p * width, width * k);
      }
      return;
    }
    for (int i = 0; i < count; i += width) {
      panel(x, xo + i * cs, cs, ks, Math.min(width, count - i), k, width, to, at + i * k);
    }
  }

  /**
   * One run of neighbours, as many as there are columns, to its place in each panel.
   *
   * @param panel how far apart the panels are
   */
  static void scatter(float[] x, int xo, int count, int width, float[] to, int at, int panel) {
    int i = 0;
    if (Simd.VECTOR && width == 2 * Lanes.F_LENGTH) {
      i = FloatVectorLoops.scatter(x, xo, count, to, at, panel);
      at += i / width * panel;
    }
    for (; i < count; i += width) {
      System.arraycopy(x, xo + i, to, at, Math.min(width, count - i));
      at += panel;
    }
  }

  /** Rows to one panel, four at a time: the stores of a quad are neighbours. */
  private static void panel(
      float[] x, int xo, int cs, int ks, int rows, int k, int width, float[] to, int at) {
    int r = 0;
    int turned = ks == 1 && Simd.VECTOR && Lanes.F_HAS_QUAD ? k - k % 4 : 0;
    for (; r + 4 <= rows; r += 4) {
      int from = xo + r * cs;
      if (turned > 0) {
        FloatTurn.run(x, from, cs, turned, to, at + r, width);
      }
      from += turned * ks;
      interleave4(x, from, cs, ks, k - turned, width, to, at + r + turned * width);
    }
    for (; r < rows; r++) {
      interleave1(x, xo + r * cs, ks, k, width, to, at + r);
    }
  }

  private static void interleave4(
      float[] x, int xo, int cs, int ks, int k, int width, float[] to, int at) {
    for (int p = 0; p < k; p++) {
      to[at] = x[xo];
      to[at + 1] = x[xo + cs];
      to[at + 2] = x[xo + 2 * cs];
      to[at + 3] = x[xo + 3 * cs];
      xo += ks;
      at += width;
    }
  }

  private static void interleave1(float[] x, int xo, int ks, int k, int width, float[] to, int at) {
    for (int p = 0; p < k; p++) {
      to[at] = x[xo];
      xo += ks;
      at += width;
    }
  }
}
