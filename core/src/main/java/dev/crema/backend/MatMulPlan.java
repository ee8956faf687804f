package dev.crema.backend;

import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.util.Arrays;

/**
 * A batch of products y = a·b: a is m×k, b is k×n, y is m×n. Rows and columns of a and b may lie at
 * any stride, so a transposed operand is read in place. Batch dimensions broadcast (stride 0); y is
 * contiguous.
 *
 * @param batchSizes the batch's dimensions, row-major; empty for one product
 * @param aBatch a's strides over them
 * @param bBatch b's strides over them
 * @param m rows of a and y
 * @param n columns of b and y
 * @param k columns of a, rows of b
 * @param ars how far apart a's rows are, in elements
 * @param acs how far apart a's columns are
 * @param brs how far apart b's rows are
 * @param bcs how far apart b's columns are
 */
public record MatMulPlan(
    DType dtype,
    long[] batchSizes,
    long[] aBatch,
    long[] bBatch,
    int m,
    int n,
    int k,
    int ars,
    int acs,
    int brs,
    int bcs,
    int aOffset,
    int bOffset) {

  /** Checks two operands of rank 2 or more. */
  public static MatMulPlan check(String op, View a, View b) {
    Shape as = a.shape();
    Shape bs = b.shape();
    if (!a.dtype().isFloating() || a.dtype() != b.dtype()) {
      throw new DTypeException(
          "%s: expected two f32 or two f64 tensors, got %s %s and %s %s. Hint: convert one with to(DType)"
              .formatted(op, a.dtype(), as, b.dtype(), bs));
    }
    if (as.rank() < 2 || bs.rank() < 2 || as.size(-1) != bs.size(-2)) {
      throw new ShapeException(
          "%s: expected [.., m, k] and [.., k, n], got %s and %s: the inner sizes must be equal"
              .formatted(op, as, bs));
    }
    Shape batch = Shape.broadcast(op, batchOf(as), batchOf(bs));
    return new MatMulPlan(
        a.dtype(),
        batch.sizes(),
        batchStrides(a.layout(), batch),
        batchStrides(b.layout(), batch),
        Math.toIntExact(as.size(-2)),
        Math.toIntExact(bs.size(-1)),
        Math.toIntExact(as.size(-1)),
        Math.toIntExact(a.layout().stride(-2)),
        Math.toIntExact(a.layout().stride(-1)),
        Math.toIntExact(b.layout().stride(-2)),
        Math.toIntExact(b.layout().stride(-1)),
        Math.toIntExact(a.offset()),
        Math.toIntExact(b.offset()));
  }

  /** The result's shape: the batch's dimensions, then m and n. */
  public Shape outShape() {
    long[] sizes = Arrays.copyOf(batchSizes, batchSizes.length + 2);
    sizes[batchSizes.length] = m;
    sizes[batchSizes.length + 1] = n;
    return Shape.of(sizes);
  }

  /** The number of products. */
  public int batch() {
    long count = 1;
    for (long size : batchSizes) {
      count *= size;
    }
    return Math.toIntExact(count);
  }

  /** Where product {@code index}'s a starts, in elements. */
  public int aOffset(int index) {
    return aOffset + at(aBatch, index);
  }

  /** Where product {@code index}'s b starts, in elements. */
  public int bOffset(int index) {
    return bOffset + at(bBatch, index);
  }

  /** Multiply-adds times two. */
  public double flops() {
    return 2.0 * batch() * m * n * k;
  }

  private int at(long[] strides, int index) {
    long at = 0;
    int rest = index;
    for (int d = batchSizes.length - 1; d >= 0; d--) {
      int size = (int) batchSizes[d];
      at += (rest % size) * strides[d];
      rest /= size;
    }
    return (int) at;
  }

  private static Shape batchOf(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.sizes(), shape.rank() - 2));
  }

  private static long[] batchStrides(Layout layout, Shape batch) {
    int rank = layout.shape().rank() - 2;
    return Layout.of(batchOf(layout.shape()), Arrays.copyOf(layout.strides(), rank), 0)
        .expand(batch)
        .strides();
  }
}
