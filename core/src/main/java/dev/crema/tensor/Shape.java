package dev.crema.tensor;

import java.util.Arrays;

/**
 * The sizes of a tensor's dimensions, outermost first. A scalar has none. Immutable; element counts
 * are {@code long}.
 */
public final class Shape {
  private static final Shape SCALAR = new Shape(new long[0]);

  private final long[] sizes;
  private final long numel;

  private Shape(long[] sizes) {
    long count = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw new ShapeException(
            "shape: sizes must not be negative, got " + Arrays.toString(sizes));
      }
      try {
        count = Math.multiplyExact(count, size);
      } catch (ArithmeticException _) {
        throw new ShapeException("shape: more than 2^63 elements in " + Arrays.toString(sizes));
      }
    }
    this.sizes = sizes;
    this.numel = count;
  }

  /** The shape with these sizes; none for a scalar. */
  public static Shape of(long... sizes) {
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
  }

  /** The number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /** The size of dimension {@code dim}; -1 is the last. */
  public long size(int dim) {
    return sizes[dim(dim)];
  }

  /** All sizes, as a fresh array. */
  public long[] sizes() {
    return sizes.clone();
  }

  /** The number of elements: the product of the sizes, 1 for a scalar. */
  public long numel() {
    return numel;
  }

  /**
   * {@code dim} as an index from 0, where -1 is the last. Throws {@link IndexException} outside the
   * rank.
   */
  public int dim(int dim) {
    return dim("shape", dim);
  }

  /** As {@link #dim(int)}, with the op's name for the error. */
  public int dim(String op, int dim) {
    int d = dim < 0 ? dim + rank() : dim;
    if (d < 0 || d >= rank()) {
      throw new IndexException(
          "%s: dim %s is outside a tensor of shape %s. Hint: %s"
              .formatted(op, dim, this, dims(rank())));
    }
    return d;
  }

  /** The dims that a tensor of this rank has, in words. */
  static String dims(int rank) {
    return switch (rank) {
      case 0 -> "a scalar has no dims";
      case 1 -> "its only dim is 0, or -1";
      default -> "dims run from 0 to %s, or from -%s to -1".formatted(rank - 1, rank);
    };
  }

  /** This shape with another size in dimension {@code dim}. */
  public Shape with(int dim, long size) {
    long[] changed = sizes.clone();
    changed[dim(dim)] = size;
    return new Shape(changed);
  }

  /**
   * A size of this shape, or a number of its elements, as an int, in which backends count.
   *
   * @param op the op's name, for the error
   * @throws ShapeException where it has no room there
   */
  public int toInt(String op, long n) {
    if (n != (int) n) {
      throw new ShapeException(
          "%s: expected at most 2^31 - 1 elements, got %s in %s. Hint: go through it in slices"
              .formatted(op, n, this));
    }
    return (int) n;
  }

  /** The strides, in elements, of a contiguous row-major layout. */
  public long[] contiguousStrides() {
    long[] strides = new long[rank()];
    long stride = 1;
    for (int d = rank() - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= Math.max(1, sizes[d]);
    }
    return strides;
  }

  /** Whether a tensor of this shape can be expanded to {@code target} by NumPy's rules. */
  public boolean isBroadcastableTo(Shape target) {
    int lead = target.rank() - rank();
    if (lead < 0) {
      return false;
    }
    for (int d = 0; d < rank(); d++) {
      if (sizes[d] != 1 && sizes[d] != target.sizes[lead + d]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The common shape of two operands by NumPy's rules: aligned at the last dimension, sizes equal
   * or one of them 1.
   *
   * @param op the op's name, for the error
   */
  public static Shape broadcast(String op, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    long[] out = new long[rank];
    for (int d = 1; d <= rank; d++) {
      long p = d <= a.rank() ? a.sizes[a.rank() - d] : 1;
      long q = d <= b.rank() ? b.sizes[b.rank() - d] : 1;
      if (p != q && p != 1 && q != 1) {
        throw new ShapeException(
            "%s: shapes %s and %s do not broadcast: dimension %s has sizes %s and %s; expected equal sizes, or 1 in one. Hint: shapes align at their last dimension; unsqueeze or reshape one"
                .formatted(op, a, b, -d, p, q));
      }
      out[rank - d] = p == 1 ? q : p;
    }
    return new Shape(out);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof Shape s && Arrays.equals(sizes, s.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** {@code [1, 3, 224, 224]}. */
  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
