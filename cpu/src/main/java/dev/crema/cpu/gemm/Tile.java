package dev.crema.cpu.gemm;

/**
 * A register tile: some rows by some vectors of c, held in registers while k passes.
 *
 * <p>c[i][j] = the start + Σ over p of a[p][i]·b[p][j], where the rows of a and of b each have
 * their elements side by side. Each sum is one chain of fused multiply-adds in the order of p, so
 * its bits do not depend on the tile's shape.
 */
interface Tile {
  /** The rows of a tile that is not indexed. */
  int[] NO_ROWS = {};

  /**
   * @param a where, {@link TileShape#lda} apart, at each p, the tile's rows start; {@code float[]}
   *     or {@code double[]}, as b, c and bias
   * @param b where, {@link TileShape#ldb} apart, at each p, the tile's columns start; if it is 0,
   *     at bo + rows[rowAt + p]
   * @param c the result, its rows {@code ldc} apart
   * @param bias what a row starts from, if the tile {@link TileShape#biased starts from a bias}
   */
  void run(
      Object a,
      int ao,
      Object b,
      int bo,
      int[] rows,
      int rowAt,
      int k,
      Object c,
      int co,
      int ldc,
      Object bias,
      int biasAt);
}
