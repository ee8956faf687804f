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
    checkOperands(op, a.dtype(), as, bs);
    Shape batch = Shape.broadcast(op, batchOf(as), batchOf(bs));
    batch.toInt(op, batch.numel());
    return new MatMulPlan(
        a.dtype(),
        batch.sizes(),
        batchStrides(a.layout(), batch),
        batchStrides(b.layout(), batch),
        as.toInt(op, as.size(-2)),
        bs.toInt(op, bs.size(-1)),
        as.toInt(op, as.size(-1)),
        as.toInt(op, a.layout().stride(-2)),
        as.toInt(op, a.layout().stride(-1)),
        bs.toInt(op, b.layout().stride(-2)),
        bs.toInt(op, b.layout().stride(-1)),
        as.toInt(op, a.offset()),
        bs.toInt(op, b.offset()));
  }

  /**
   * Checks two operands of one dtype, also vectors, which the caller makes matrices of after this:
   * errors name the shapes that its user knows.
   */
  public static void checkOperands(String op, DType dtype, Shape a, Shape b) {
    if (!dtype.isFloating()) {
      throw new DTypeException(
          "%s: expected f32 or f64, got %s %s and %s. Hint: convert both with to(DType.F32)"
              .formatted(op, dtype, a, b));
    }
    if (a.rank() < 1 || b.rank() < 1) {
      throw new ShapeException(
          "%s: expected matrices or vectors, got %s and %s. Hint: mul multiplies by a scalar"
              .formatted(op, a, b));
    }
    long ak = a.size(-1);
    long bk = b.size(b.rank() == 1 ? 0 : -2);
    if (ak != bk) {
      throw new ShapeException(
          "%s: expected %s and %s, got %s and %s: k is %s on the left and %s on the right.%s"
              .formatted(
                  op,
                  a.rank() == 1 ? "[k]" : "[.., m, k]",
                  b.rank() == 1 ? "[k]" : "[.., k, n]",
                  a,
                  b,
                  ak,
                  bk,
                  transposeHint(a, b)));
    }
    for (int d = -3; d >= -Math.min(a.rank(), b.rank()); d--) {
      if (a.size(d) != b.size(d) && a.size(d) != 1 && b.size(d) != 1) {
        throw new ShapeException(
            "%s: the batches of %s and %s do not broadcast: dimension %s has sizes %s and %s; expected equal sizes, or 1 in one"
                .formatted(op, a, b, d, a.size(d), b.size(d)));
      }
    }
  }

  /** Which operand to turn around, if that is all that is wrong. */
  private static String transposeHint(Shape a, Shape b) {
    if (a.rank() == 1 && b.rank() == 1) {
      return " Hint: a product of vectors needs two of one size";
    }
    if (b.rank() > 1 && a.size(-1) == b.size(-1)) {
      return " Hint: turn the right one around, with t() or transpose(-2, -1)";
    }
    if (a.rank() > 1 && a.size(-2) == b.size(b.rank() == 1 ? 0 : -2)) {
      return " Hint: turn the left one around, with t() or transpose(-2, -1)";
    }
    return " Hint: a transpose does not help here; one of the two sizes is not what was meant";
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
    return (int) count;
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
