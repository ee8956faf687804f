package dev.crema.cpu.gemm;

import dev.crema.tensor.DType;

/**
 * What a {@link Tile} is generated for.
 *
 * @param rows of c
 * @param vectors of each row, of the width that {@link dev.crema.cpu.simd.Simd} chose
 * @param lda how far apart in a the elements of one p and the next are: a constant, so that C2 can
 *     check the whole loop's bounds before it
 * @param ldb how far apart b's rows are; 0 if they lie anywhere
 * @param biased whether the sums start from a bias, else from 0
 * @param adds whether they are added to what c holds, else they replace it
 * @param relu whether negative results become 0
 */
record TileShape(
    DType dtype,
    int rows,
    int vectors,
    int lda,
    int ldb,
    boolean biased,
    boolean adds,
    boolean relu) {

  boolean indexed() {
    return ldb == 0;
  }
}
