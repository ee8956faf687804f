package dev.crema.cpu.gemm;

/**
 * A register tile of outer products: some rows of a, which are lines of points in memory, with some
 * vectors of b. Their sums stay in registers while the points pass.
 */
interface Outer {
  /**
   * c[i][j] += Σ over lines and p of a[ao + rows[rowAt + i] + line·pitch + p]·b[line·n + p][j]: a
   * chain of fused multiply-adds in that order, which c is added to at the end.
   *
   * @param a {@code float[]} or {@code double[]}, as b and c
   * @param n points of a line
   * @param b a panel: its rows lie as far apart as the largest tile is wide
   * @param c its rows {@code ldc} apart
   */
  void run(
      Object a,
      int ao,
      int[] rows,
      int rowAt,
      int lines,
      int n,
      int pitch,
      Object b,
      int bo,
      Object c,
      int co,
      int ldc);
}
