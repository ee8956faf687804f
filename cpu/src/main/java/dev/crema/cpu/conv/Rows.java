package dev.crema.cpu.conv;

import dev.crema.tensor.DType;

/**
 * Moving runs of elements of one type, so that the geometry above is written once. Arrays are
 * {@code float[]} or {@code double[]}.
 */
sealed interface Rows permits FloatRows, DoubleRows {

  /** The rows of f32 or f64. */
  static Rows of(DType dtype) {
    return dtype == DType.F32 ? FloatRows.INSTANCE : DoubleRows.INSTANCE;
  }

  /** to[at + i] = from[fo + i·stride]. */
  void copy(Object from, int fo, int stride, Object to, int at, int n);

  /** to[at + i·stride] += from[fo + i]. */
  void add(Object from, int fo, Object to, int at, int stride, int n);

  /** to[at + i] = from[fo], for all i below n. */
  void repeat(Object from, int fo, Object to, int at, int n);

  /** to[at + i] = 0. */
  void zero(Object to, int at, int n);
}
