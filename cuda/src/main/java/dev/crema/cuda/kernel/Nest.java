package dev.crema.cuda.kernel;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.ReducePlan;
import dev.crema.tensor.UnsupportedOpException;
import java.util.Arrays;

/**
 * The loop nests and divisors that kernels get by value, laid out as in {@code crema.cuh}: a nest
 * is its rank, its loops' sizes as divisors, and each operand's strides, innermost loop first.
 */
final class Nest {
  /** As in {@code crema.cuh}. */
  static final int MAX_RANK = 8;

  /** Ints that a divisor takes. */
  static final int DIVISOR = 3;

  private Nest() {}

  /**
   * What {@code crema.cuh} divides by: d, and magic and shift such that ⌊n / d⌋ = (⌊n·magic / 2^32⌋
   * + n) >> shift. A d of 0, of something empty, is taken for 1.
   */
  static int[] divisor(int d) {
    int divisor = Math.max(1, d);
    int shift = 32 - Integer.numberOfLeadingZeros(divisor - 1);
    long magic = ((1L << 32) * ((1L << shift) - divisor)) / divisor + 1;
    return new int[] {divisor, (int) magic, shift};
  }

  /** An elementwise op's loops, operand 0 being the result. */
  static int[] of(PointwisePlan plan, int operands) {
    return of(plan, operands, operands);
  }

  /** The same for a kernel that takes up to {@code most} operands: those that are missing stay. */
  static int[] of(PointwisePlan plan, int operands, int most) {
    int rank = plan.rank();
    long[] sizes = new long[rank];
    long[][] strides = new long[most][rank];
    for (int d = 0; d < rank; d++) {
      sizes[d] = plan.size(d);
      for (int i = 0; i < operands; i++) {
        strides[i][d] = plan.stride(i, d);
      }
    }
    return of(sizes, strides);
  }

  /** Where a reduction's lines start. */
  static int[] kept(ReducePlan plan) {
    int rank = plan.keptRank();
    long[] sizes = new long[rank];
    long[] strides = new long[rank];
    Arrays.setAll(sizes, plan::keptSize);
    Arrays.setAll(strides, plan::keptStride);
    return of(sizes, strides);
  }

  /** How a reduction's lines run. */
  static int[] reduced(ReducePlan plan) {
    int rank = plan.reducedRank();
    long[] sizes = new long[rank];
    long[] strides = new long[rank];
    Arrays.setAll(sizes, plan::reducedSize);
    Arrays.setAll(strides, plan::reducedStride);
    return of(sizes, strides);
  }

  /** One loop of one operand. */
  static int[] line(int size, int stride) {
    return of(new long[] {size}, new long[] {stride});
  }

  /**
   * Loops of these sizes, outermost first, over operands with these strides. Loops of size 1 go,
   * and neighbours that lie one behind the other in every operand are merged.
   */
  static int[] of(long[] sizes, long[]... strides) {
    long[] merged = new long[sizes.length + 1];
    long[][] moves = new long[strides.length][sizes.length + 1];
    int rank = 0;
    for (int d = sizes.length - 1; d >= 0; d--) {
      if (sizes[d] == 1) {
        continue;
      }
      if (rank > 0 && follows(merged[rank - 1], moves, rank - 1, strides, d)) {
        merged[rank - 1] *= sizes[d];
      } else {
        merged[rank] = sizes[d];
        for (int i = 0; i < strides.length; i++) {
          moves[i][rank] = strides[i][d];
        }
        rank++;
      }
    }
    if (rank == 0) {
      merged[rank++] = 1;
    }
    if (rank > MAX_RANK) {
      throw new UnsupportedOpException(
          "cuda: expected at most %s dimensions that cannot be merged, got %s, of sizes %s. Hint: contiguous() first"
              .formatted(MAX_RANK, rank, Arrays.toString(sizes)));
    }
    int[] nest = new int[1 + MAX_RANK * (DIVISOR + strides.length)];
    nest[0] = rank;
    for (int d = 0; d < rank; d++) {
      System.arraycopy(divisor(Math.toIntExact(merged[d])), 0, nest, 1 + DIVISOR * d, DIVISOR);
      for (int i = 0; i < strides.length; i++) {
        nest[1 + MAX_RANK * (DIVISOR + i) + d] = Math.toIntExact(moves[i][d]);
      }
    }
    return nest;
  }

  private static boolean follows(
      long innerSize, long[][] inner, int rank, long[][] strides, int d) {
    for (int i = 0; i < strides.length; i++) {
      if (strides[i][d] != inner[i][rank] * innerSize) {
        return false;
      }
    }
    return true;
  }
}
