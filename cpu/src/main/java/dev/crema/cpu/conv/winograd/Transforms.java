package dev.crema.cpu.conv.winograd;

import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.tensor.DType;

/**
 * What F(m × m, r × r) does with tiles of one type, as code.
 *
 * @param filter G: filters, r × r, to α × α
 * @param input Bᵀ: input tiles, α × α
 * @param output Aᵀ: products, α × α, to output tiles, m × m
 * @param gradient A: gradients of output tiles, m × m to α × α
 * @param filterGradient Gᵀ: α × α to the gradients of filters, r × r
 */
record Transforms(
    TileTransform filter,
    TileTransform input,
    TileTransform output,
    TileTransform gradient,
    TileTransform filterGradient) {

  static Transforms of(CookToom f, DType dtype) {
    int lanes = GemmKernel.of(dtype).lanes();
    return new Transforms(
        new TileTransform(f.g, dtype, lanes),
        new TileTransform(f.bt, dtype, lanes),
        new TileTransform(f.at, dtype, lanes),
        new TileTransform(f.at.transposed(), dtype, lanes),
        new TileTransform(f.g.transposed(), dtype, lanes));
  }
}
