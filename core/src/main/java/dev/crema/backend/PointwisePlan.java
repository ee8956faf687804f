package dev.crema.backend;

import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The loop nest of an elementwise op: operand 0 is the result, the others are expanded to its
 * shape. Dimensions of size 1 are gone, those that lie one behind the other in every operand are
 * merged, and the result's densest dimension is innermost. A fully contiguous op is thus one loop;
 * there is always at least one dimension.
 */
public final class PointwisePlan {
  private final long[] sizes;
  private final long[][] strides;
  private final long[] offsets;

  private PointwisePlan(long[] sizes, long[][] strides, long[] offsets) {
    this.sizes = sizes;
    this.strides = strides;
    this.offsets = offsets;
  }

  /** The loops that write {@code out} from {@code in}, whose shapes broadcast to it. */
  public static PointwisePlan of(View out, View... in) {
    Shape shape = out.shape();
    Layout[] operands = new Layout[in.length + 1];
    operands[0] = out.layout();
    for (int i = 0; i < in.length; i++) {
      operands[i + 1] = in[i].layout().expand(shape);
    }
    List<Integer> order = new ArrayList<>();
    for (int d = 0; d < shape.rank(); d++) {
      if (shape.size(d) != 1) {
        order.add(d);
      }
    }
    order.sort(Comparator.comparingLong((Integer d) -> operands[0].stride(d)).reversed());

    long[] sizes = new long[Math.max(1, order.size())];
    long[][] strides = new long[operands.length][sizes.length];
    int rank = 0;
    for (int d : order) {
      if (rank > 0 && follows(operands, strides, rank - 1, d)) {
        sizes[rank - 1] *= shape.size(d);
        rank--;
      } else {
        sizes[rank] = shape.size(d);
      }
      for (int i = 0; i < operands.length; i++) {
        strides[i][rank] = operands[i].stride(d);
      }
      rank++;
    }
    if (rank == 0) {
      sizes[rank++] = shape.numel();
    }
    long[] offsets = new long[operands.length];
    for (int i = 0; i < operands.length; i++) {
      strides[i] = Arrays.copyOf(strides[i], rank);
      offsets[i] = operands[i].offset();
    }
    return new PointwisePlan(Arrays.copyOf(sizes, rank), strides, offsets);
  }

  private static boolean follows(Layout[] operands, long[][] strides, int outer, int inner) {
    for (int i = 0; i < operands.length; i++) {
      if (strides[i][outer] != operands[i].stride(inner) * operands[i].shape().size(inner)) {
        return false;
      }
    }
    return true;
  }

  /** The number of loops, at least 1. */
  public int rank() {
    return sizes.length;
  }

  /** The trip count of loop {@code dim}, 0 being the outermost. */
  public int size(int dim) {
    return Math.toIntExact(sizes[dim]);
  }

  /** The trip count of the innermost loop. */
  public int inner() {
    return size(rank() - 1);
  }

  /** The product of all trip counts but the innermost. */
  public int outer() {
    long outer = 1;
    for (int d = 0; d < rank() - 1; d++) {
      outer *= sizes[d];
    }
    return Math.toIntExact(outer);
  }

  /**
   * How far operand {@code i} (0 is the result) moves per step of loop {@code dim}, in elements.
   */
  public int stride(int i, int dim) {
    return Math.toIntExact(strides[i][dim]);
  }

  /** How far operand {@code i} moves per step of the innermost loop. */
  public int innerStride(int i) {
    return stride(i, rank() - 1);
  }

  /** Where operand {@code i} starts, in elements. */
  public int offset(int i) {
    return Math.toIntExact(offsets[i]);
  }

  /**
   * Where operand {@code i} is at the start of outer iteration {@code index}, counted row-major
   * from 0 to {@link #outer}.
   */
  public int offset(int i, int index) {
    long at = offsets[i];
    int rest = index;
    for (int d = rank() - 2; d >= 0; d--) {
      int size = (int) sizes[d];
      at += (rest % size) * strides[i][d];
      rest /= size;
    }
    return (int) at;
  }

  @Override
  public String toString() {
    return "sizes %s strides %s offsets %s"
        .formatted(Arrays.toString(sizes), Arrays.deepToString(strides), Arrays.toString(offsets));
  }
}
