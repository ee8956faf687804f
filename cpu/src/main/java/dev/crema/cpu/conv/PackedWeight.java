package dev.crema.cpu.conv;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;

/**
 * The left operand of a convolution's products: for each group a matrix [m][k], as panels, one
 * block of kc after the other.
 */
final class PackedWeight {
  private final GemmKernel kernel;
  private final int m;
  private final int k;
  private final Object panels;

  /**
   * Packs it.
   *
   * @param rs how far apart the matrix's rows are; {@code ks} their elements
   */
  PackedWeight(GemmKernel kernel, int groups, int m, int k, Operand w, int rs, int ks) {
    this.kernel = kernel;
    this.m = m;
    this.k = k;
    long length = (long) groups * k * Gemm.roundUp(m, kernel.mr());
    this.panels = BufferPool.shared().take(kernel.dtype(), length);
    int depths = Math.ceilDiv(k, kernel.kc());
    Parallel.range(
        groups * depths,
        Parallel.grain((long) m * kernel.kc()),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int group = i / depths;
            int q = i % depths * kernel.kc();
            int at = w.at() + group * m * k + q * ks;
            int depth = Math.min(kernel.kc(), k - q);
            kernel.pack(w.array(), at, rs, ks, m, depth, kernel.mr(), panels, at(group, q));
          }
        });
  }

  Object panels() {
    return panels;
  }

  /** Where the group's block from column q on starts. */
  int at(int group, int q) {
    return (group * k + q) * Gemm.roundUp(m, kernel.mr());
  }

  void close() {
    BufferPool.shared().give(panels);
  }
}
