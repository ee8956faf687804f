package dev.crema.cpu.conv;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * The left operand of a convolution's products: for each group a matrix [m][k], as panels, one
 * block of kc after the other.
 */
final class PackedWeight {
  /** What the panels are made by, beside the weight's elements. */
  private record Key(int groups, int m, int k, int at, int rs, int ks) {}

  private final GemmKernel kernel;
  private final int groups;
  private final int m;
  private final int k;
  private final @Nullable Object kept;
  private final Object panels;

  /**
   * Packs it.
   *
   * @param rs how far apart the matrix's rows are; {@code ks} their elements
   */
  PackedWeight(GemmKernel kernel, int groups, int m, int k, Operand w, int rs, int ks) {
    this(kernel, groups, m, k, w, rs, ks, false);
  }

  /**
   * Packs it, unless that is kept from an earlier use.
   *
   * @param keep whether that is worth its memory
   */
  PackedWeight(
      GemmKernel kernel, int groups, int m, int k, Operand w, int rs, int ks, boolean keep) {
    this.kernel = kernel;
    this.groups = groups;
    this.m = m;
    this.k = k;
    long length = (long) groups * k * Gemm.roundUp(m, kernel.mr());
    this.kept = keep ? kept(w, rs, ks, Math.toIntExact(length)) : null;
    this.panels =
        kept != null ? kept : pack(w, rs, ks, BufferPool.shared().take(kernel.dtype(), length));
  }

  private @Nullable Object kept(Operand w, int rs, int ks, int length) {
    Class<?> element = w.array().getClass().componentType();
    return w.kept(
        new Key(groups, m, k, w.at(), rs, ks),
        () -> pack(w, rs, ks, Array.newInstance(element, length)));
  }

  private Object pack(Operand w, int rs, int ks, Object to) {
    int depths = Math.ceilDiv(k, kernel.kc());
    Parallel.range(
        groups * depths,
        Parallel.grain((long) m * kernel.kc()),
        (first, end) -> {
          for (int i = first; i < end; i++) {
            int group = i / depths;
            int q = i % depths * kernel.kc();
            int at = w.at() + group * m * k + q * ks;
            int depth = Math.min(kernel.kc(), k - q);
            kernel.pack(w.array(), at, rs, ks, m, depth, kernel.mr(), to, at(group, q));
          }
        });
    return to;
  }

  Object panels() {
    return panels;
  }

  /** Where the group's block from column q on starts. */
  int at(int group, int q) {
    return (group * k + q) * Gemm.roundUp(m, kernel.mr());
  }

  void close() {
    if (kept == null) {
      BufferPool.shared().give(panels);
    }
  }
}
