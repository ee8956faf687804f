/**
 * Matrix products. {@link dev.crema.cpu.gemm.Gemm} picks a path and cuts the result into cells for
 * the threads, {@link dev.crema.cpu.gemm.GemmKernel} is what one element type provides, and the
 * Tile classes are the innermost loops, one per element type and register tile.
 */
@NullMarked
package dev.crema.cpu.gemm;

import org.jspecify.annotations.NullMarked;
