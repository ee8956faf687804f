package dev.crema.cpu.conv;

import dev.crema.tensor.DType;

/**
 * Moving rows of elements of one type, so that the geometry above is written once. Arrays are
 * {@code float[]} or {@code double[]}.
 */
sealed interface Rows permits FloatRows, DoubleRows {

  /** The rows of f32 or f64. */
  static Rows of(DType dtype) {
    return dtype == DType.F32 ? FloatRows.INSTANCE : DoubleRows.INSTANCE;
  }

  /**
   * Copies {@code rows} rows of {@code n} elements.
   *
   * @param pitch how far apart the rows in x are; {@code stride} a row's elements
   * @param toPitch how far apart the rows in y are
   */
  void copy(
      Object x, int xo, int pitch, int stride, Object y, int yo, int toPitch, int rows, int n);

  /** The same with the stride in y. */
  void spread(
      Object x, int xo, int pitch, Object y, int yo, int toPitch, int stride, int rows, int n);

  /** y[i·toStride] = x[i·stride]. */
  void move(Object x, int xo, int stride, Object y, int yo, int toStride, int n);

  /** Adds what {@link #copy} with the same geometry would have read, back to where it was read. */
  void addBack(
      Object y, int yo, int toPitch, Object x, int xo, int pitch, int stride, int rows, int n);

  /** y[i] += x[i]. */
  void add(Object x, int xo, Object y, int yo, int n);

  /** y[i] = 0. */
  void zero(Object y, int yo, int n);

  /**
   * Fills some rows of a panel, {@code pitch} apart from {@code yo} on: they take the panel's runs
   * from xo + starts[j] on, for j in {@code from .. end}. Up to a vector is read and written beyond
   * each run's end, unless they are to be {@code exact}: so a panel's rows are filled in order, and
   * the last one exactly.
   */
  void gather(
      Object x,
      int xo,
      int[] starts,
      int from,
      int end,
      ColumnRuns runs,
      int panel,
      boolean exact,
      Object y,
      int yo,
      int pitch);
}
