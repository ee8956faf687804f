package dev.crema.cpu.gemm;

import dev.crema.tensor.DType;

/**
 * What a {@link Tile} is generated for.
 *
 * @param rows of c
 * @param vectors of each row, of the width that {@link dev.crema.cpu.simd.Simd} chose
 * @param indexed whether b's rows lie anywhere, else at equal distances
 * @param biased whether the sums start from a bias, else from 0
 * @param adds whether they are added to what c holds, else they replace it
 * @param relu whether negative results become 0
 */
record TileShape(
    DType dtype,
    int rows,
    int vectors,
    boolean indexed,
    boolean biased,
    boolean adds,
    boolean relu) {}
