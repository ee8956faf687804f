package dev.crema.cpu.gemm;

/**
 * A register tile of dot products: some rows of a with some rows of b, both contiguous, whose sums
 * stay in registers while the elements pass. Lane l of a vector of sums adds up elements l, l +
 * lanes, l + 2·lanes …; the caller adds the lanes up when all is done.
 */
public interface Dots {
  /**
   * sums[(i·columns + j)·lanes + l] += Σ of a[i][f]·b[j][f] over f ≡ l.
   *
   * @param a its rows {@code lda} apart; {@code float[]} or {@code double[]}, as b and sums
   * @param b its row j starts at bo + rows[rowAt + j]
   * @param n elements of each row, a multiple of the lanes
   */
  void run(
      Object a,
      int ao,
      int lda,
      Object b,
      int bo,
      int[] rows,
      int rowAt,
      int n,
      Object sums,
      int so);
}
