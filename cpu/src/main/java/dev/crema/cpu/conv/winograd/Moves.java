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
   * Deals out {@code n} elements of a line, of which the first stands in column {@code column}: the
   * one in column c goes to {@code to + (c mod m)·phase + (c / m)·step}.
   */
  void split(
      Object x, int xo, int n, int column, int m, Object phases, int to, int phase, int step);

  /** The opposite, from column 0 on. */
  void merge(Object phases, int from, int phase, int step, int m, Object y, int yo, int n);

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

  /** y[i] = 0. */
  void zero(Object y, int yo, int n);

  /** Applies the epilogue to elements of one channel. */
  void finish(Epilogue epilogue, int channel, Object y, int yo, int n);
}
