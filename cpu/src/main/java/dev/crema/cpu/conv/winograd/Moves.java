package dev.crema.cpu.conv.winograd;

import dev.crema.cpu.conv.Epilogue;
import dev.crema.tensor.DType;

/**
 * Moving elements between tensors and tiles, for one type. Arrays are {@code float[]} or {@code
 * double[]}.
 */
sealed interface Moves permits FloatMoves, DoubleMoves {

  /** The moves of f32 or f64. */
  static Moves of(DType dtype) {
    return dtype == DType.F32 ? FloatMoves.INSTANCE : DoubleMoves.INSTANCE;
  }

  /**
   * Deals out a line of {@code columns · m} elements: the one at c goes to {@code to + (c mod
   * m)·phase + c / m}. {@code n} of them, from {@code before} on, are elements of x; the others are
   * zeros. The line may be taken for longer, by less than a vector's columns.
   *
   * @param line where in y there is room for the line and two vectors
   */
  void split(
      Object x,
      int xo,
      int n,
      int before,
      int columns,
      int m,
      Object y,
      int to,
      int phase,
      int line);

  /**
   * The opposite: gathers {@code n} elements, of which the first is the first of its phase. Up to a
   * vector may be read beyond the end of each phase.
   *
   * @param line where in x there is room for the line and two vectors
   */
  void merge(Object x, int from, int phase, int m, Object y, int yo, int n, int line);

  /** y[i·ys] = x[i·xs]. */
  void strided(Object x, int xo, int xs, int n, Object y, int yo, int ys);

  /**
   * Copies runs of {@code length} elements, one from each of {@code from + offsets[i]}, to places
   * {@code pitch} apart. Up to a vector may be read and written beyond the end of each.
   */
  void pick(Object x, int from, int[] offsets, int length, Object y, int to, int pitch);

  /**
   * Deals out small filters in the order of packed panels: element e = (panel · depth + k) · mr + r
   * of {@code first .. first + n} is the filter of output panel · mr + r and input k; its tap i
   * goes to {@code to + i·n + e − first}. Outputs from {@code outputs} on are zeros.
   */
  void filters(
      FilterLayout layout, Object w, int wo, int first, int n, int depth, int mr, Object y, int to);

  /** Applies the epilogue to elements of one channel. */
  void finish(Epilogue epilogue, int channel, Object y, int yo, int n);

  /** y[i] = 0. */
  void zero(Object y, int yo, int n);
}
