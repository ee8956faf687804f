package dev.crema.backend;

import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.util.Arrays;

/**
 * The loop nest of a reduction: kept dimensions outside, in the order of the contiguous result,
 * reduced ones inside, in their own order. Neighbours that lie one behind the other are merged;
 * each part has at least one dimension (of size 1, stride 0). Sums over NCHW's channels, over rows
 * and over columns thus look alike whatever the rank was.
 */
public final class ReducePlan {
  private final long[][] kept;
  private final long[][] reduced;
  private final long offset;
  private final Shape outShape;

  private ReducePlan(long[][] kept, long[][] reduced, long offset, Shape outShape) {
    this.kept = kept;
    this.reduced = reduced;
    this.offset = offset;
    this.outShape = outShape;
  }

  /**
   * The plan for reducing {@code x} over {@code dims}; no dims means all.
   *
   * @param op the op's name, for errors
   * @param keepDim whether reduced dimensions stay, with size 1, in {@link #outShape}
   */
  public static ReducePlan check(String op, Layout x, boolean keepDim, int... dims) {
    Shape shape = x.shape();
    boolean[] isReduced = new boolean[shape.rank()];
    Arrays.fill(isReduced, dims.length == 0);
    for (int dim : dims) {
      int d = shape.dim(op, dim);
      if (isReduced[d]) {
        throw new ShapeException(
            "%s: dim %s appears twice in %s".formatted(op, d, Arrays.toString(dims)));
      }
      isReduced[d] = true;
    }
    long[] out = new long[shape.rank()];
    int outRank = 0;
    for (int d = 0; d < shape.rank(); d++) {
      if (!isReduced[d]) {
        out[outRank++] = shape.size(d);
      } else if (keepDim) {
        out[outRank++] = 1;
      }
    }
    long[][] kept = merge(x, isReduced, false);
    long[][] reduced = merge(x, isReduced, true);
    shape.toInt(op, count(kept[0]));
    shape.toInt(op, count(reduced[0]));
    return new ReducePlan(kept, reduced, x.offset(), Shape.of(Arrays.copyOf(out, outRank)));
  }

  private static long[][] merge(Layout x, boolean[] isReduced, boolean which) {
    Shape shape = x.shape();
    long[] sizes = new long[Math.max(1, shape.rank())];
    long[] strides = new long[sizes.length];
    int rank = 0;
    for (int d = 0; d < shape.rank(); d++) {
      long size = shape.size(d);
      if (isReduced[d] != which || size == 1) {
        continue;
      }
      if (rank > 0 && strides[rank - 1] == x.stride(d) * size) {
        rank--;
        sizes[rank] *= size;
      } else {
        sizes[rank] = size;
      }
      strides[rank++] = x.stride(d);
    }
    if (rank == 0) {
      sizes[rank++] = 1;
    }
    return new long[][] {Arrays.copyOf(sizes, rank), Arrays.copyOf(strides, rank)};
  }

  /** The shape of the result. */
  public Shape outShape() {
    return outShape;
  }

  /** The number of results. */
  public int keptCount() {
    return (int) count(kept[0]);
  }

  /** The number of elements behind each result. */
  public int reducedCount() {
    return (int) count(reduced[0]);
  }

  public int keptRank() {
    return kept[0].length;
  }

  public int reducedRank() {
    return reduced[0].length;
  }

  public int keptSize(int dim) {
    return (int) kept[0][dim];
  }

  public int keptStride(int dim) {
    return (int) kept[1][dim];
  }

  public int reducedSize(int dim) {
    return (int) reduced[0][dim];
  }

  public int reducedStride(int dim) {
    return (int) reduced[1][dim];
  }

  /** Where the elements behind result {@code index} (row-major) start. */
  public int keptOffset(int index) {
    return (int) (offset + at(kept, index));
  }

  /** How far element {@code index} (row-major) of the reduced range lies from its start. */
  public int reducedOffset(int index) {
    return (int) at(reduced, index);
  }

  private static long count(long[] sizes) {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    return count;
  }

  private static long at(long[][] dims, int index) {
    long at = 0;
    int rest = index;
    for (int d = dims[0].length - 1; d >= 0; d--) {
      int size = (int) dims[0][d];
      at += (rest % size) * dims[1][d];
      rest /= size;
    }
    return at;
  }

  @Override
  public String toString() {
    return "kept %s reduced %s".formatted(Arrays.deepToString(kept), Arrays.deepToString(reduced));
  }
}
