package dev.crema.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a tensor's elements lie in its buffer: element {@code (i, j, …)} is at {@code offset +
 * i·strides[0] + j·strides[1] + …}. Strides count elements; 0 repeats an element (expand).
 * Immutable. Every view op is a method here.
 */
public final class Layout {
  private final Shape shape;
  private final long[] strides;
  private final long offset;

  private Layout(Shape shape, long[] strides, long offset) {
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }

  /** Row-major, dense, from the buffer's start. */
  public static Layout contiguous(Shape shape) {
    return new Layout(shape, shape.contiguousStrides(), 0);
  }

  /** Dense in this format, from the buffer's start. */
  public static Layout dense(Shape shape, MemoryFormat format) {
    return new Layout(shape, format.strides(shape), 0);
  }

  /** Any strides; the caller vouches that they stay inside the buffer. */
  public static Layout of(Shape shape, long[] strides, long offset) {
    return new Layout(shape, strides.clone(), offset);
  }

  public Shape shape() {
    return shape;
  }

  /** The strides in elements, as a fresh array. */
  public long[] strides() {
    return strides.clone();
  }

  public long stride(int dim) {
    return strides[shape.dim(dim)];
  }

  /** Where the first element is, in elements from the buffer's start. */
  public long offset() {
    return offset;
  }

  /** Row-major and dense, at any offset. Dimensions of size 1 may have any stride. */
  public boolean isContiguous() {
    long expected = 1;
    for (int d = shape.rank() - 1; d >= 0; d--) {
      long size = shape.size(d);
      if (size != 1 && strides[d] != expected) {
        return shape.numel() == 0;
      }
      expected *= size;
    }
    return true;
  }

  /** Dense in this format, at any offset. Dimensions of size 1 may have any stride. */
  public boolean isContiguous(MemoryFormat format) {
    return format == MemoryFormat.CHANNELS_LAST && shape.rank() == 4
        ? permute(0, 2, 3, 1).isContiguous()
        : isContiguous();
  }

  /**
   * The format that the strides say. Where both fit, for there is one channel or one pixel, the
   * strides of those dimensions of size 1 decide; but for them, such a tensor is in both.
   */
  public MemoryFormat format() {
    if (shape.rank() != 4 || !isContiguous(MemoryFormat.CHANNELS_LAST)) {
      return MemoryFormat.CONTIGUOUS;
    }
    boolean said =
        !isContiguous()
            || Arrays.equals(inner(strides), inner(MemoryFormat.CHANNELS_LAST.strides(shape)))
                && !Arrays.equals(inner(strides), inner(shape.contiguousStrides()));
    return said ? MemoryFormat.CHANNELS_LAST : MemoryFormat.CONTIGUOUS;
  }

  /** Without the batch, whose stride says nothing where it is of one image. */
  private static long[] inner(long[] strides) {
    return Arrays.copyOfRange(strides, 1, strides.length);
  }

  /** The dimensions in another order. */
  public Layout permute(int... dims) {
    if (dims.length != shape.rank()) {
      throw new ShapeException(
          "permute: expected %s dims for shape %s, got %s"
              .formatted(shape.rank(), shape, Arrays.toString(dims)));
    }
    long[] sizes = new long[dims.length];
    long[] moved = new long[dims.length];
    boolean[] seen = new boolean[dims.length];
    for (int d = 0; d < dims.length; d++) {
      int from = shape.dim("permute", dims[d]);
      if (seen[from]) {
        throw new ShapeException(
            "permute: dim %s appears twice in %s".formatted(from, Arrays.toString(dims)));
      }
      seen[from] = true;
      sizes[d] = shape.size(from);
      moved[d] = strides[from];
    }
    return new Layout(Shape.of(sizes), moved, offset);
  }

  /** Two dimensions exchanged. */
  public Layout transpose(int dim0, int dim1) {
    int[] dims = new int[shape.rank()];
    Arrays.setAll(dims, d -> d);
    int d0 = shape.dim("transpose", dim0);
    int d1 = shape.dim("transpose", dim1);
    dims[d0] = d1;
    dims[d1] = d0;
    return permute(dims);
  }

  /**
   * Elements {@code start, start + step, …} below {@code end} of one dimension; negative bounds
   * count from the end.
   */
  public Layout slice(int dim, long start, long end, long step) {
    int d = shape.dim("slice", dim);
    long size = shape.size(d);
    if (step < 1) {
      throw new IndexException("slice: expected a step of at least 1, got " + step);
    }
    long from = Math.clamp(start < 0 ? start + size : start, 0L, size);
    long to = Math.clamp(end < 0 ? end + size : end, from, size);
    long[] moved = strides.clone();
    moved[d] *= step;
    return new Layout(
        shape.with(d, Math.ceilDiv(to - from, step)), moved, offset + from * strides[d]);
  }

  /** One index of a dimension; the dimension goes. */
  public Layout select(int dim, long index) {
    int d = shape.dim("select", dim);
    long size = shape.size(d);
    long i = index < 0 ? index + size : index;
    if (i < 0 || i >= size) {
      throw new IndexException(
          "select: index %s is outside dimension %s of shape %s".formatted(index, d, shape));
    }
    return slice(d, i, i + 1, 1).squeeze(d);
  }

  /** Without dimension {@code dim}, whose size must be 1. */
  public Layout squeeze(int dim) {
    int d = shape.dim("squeeze", dim);
    if (shape.size(d) != 1) {
      throw new ShapeException(
          "squeeze: dimension %s of shape %s has size %s, expected 1"
              .formatted(d, shape, shape.size(d)));
    }
    return new Layout(Shape.of(without(shape.sizes(), d)), without(strides, d), offset);
  }

  /** With a new dimension of size 1 before {@code dim}; -1 appends it. */
  public Layout unsqueeze(int dim) {
    int rank = shape.rank();
    int d = dim < 0 ? dim + rank + 1 : dim;
    if (d < 0 || d > rank) {
      throw new IndexException(
          "unsqueeze: dim %s is outside a result of %s dims, from shape %s. Hint: %s"
              .formatted(dim, rank + 1, shape, Shape.dims(rank + 1)));
    }
    return new Layout(Shape.of(inserted(shape.sizes(), d, 1)), inserted(strides, d, 1), offset);
  }

  /** Repeats dimensions of size 1, and adds leading ones, to reach {@code target}. */
  public Layout expand(Shape target) {
    if (shape.equals(target)) {
      return this;
    }
    if (!shape.isBroadcastableTo(target)) {
      throw new ShapeException(
          "expand: shape %s does not expand to %s: only dimensions of size 1 repeat"
              .formatted(shape, target));
    }
    long[] wide = new long[target.rank()];
    int lead = target.rank() - shape.rank();
    for (int d = 0; d < shape.rank(); d++) {
      wide[lead + d] = shape.size(d) == target.size(lead + d) ? strides[d] : 0;
    }
    return new Layout(target, wide, offset);
  }

  /** The same elements under another shape without moving them, or null where that needs a copy. */
  public @Nullable Layout reshape(Shape target) {
    if (shape.numel() == 0 || isContiguous()) {
      return new Layout(target, target.contiguousStrides(), offset);
    }
    // Group the old dimensions into runs that are dense among themselves; each run must be cut up
    // on its own.
    long[] fresh = new long[target.rank()];
    int o = 0;
    int t = 0;
    while (o < shape.rank()) {
      int first = o;
      long run = shape.size(o);
      int cut = t;
      long made = 1;
      while (cut < target.rank() && made < run) {
        made *= target.size(cut++);
      }
      while (made != run) {
        if (made < run) {
          made *= target.size(cut++);
        } else {
          if (++o == shape.rank()) {
            return null;
          }
          run *= shape.size(o);
        }
      }
      if (!isDense(first, o)) {
        return null;
      }
      long stride = innermostStride(first, o);
      for (int d = cut - 1; d >= t; d--) {
        fresh[d] = stride;
        stride *= target.size(d);
      }
      t = cut;
      o++;
    }
    for (int d = t; d < target.rank(); d++) {
      fresh[d] = 1;
    }
    return new Layout(target, fresh, offset);
  }

  private boolean isDense(int first, int last) {
    long expected = -1;
    for (int d = last; d >= first; d--) {
      if (shape.size(d) == 1) {
        continue;
      }
      if (expected >= 0 && strides[d] != expected) {
        return false;
      }
      expected = strides[d] * shape.size(d);
    }
    return true;
  }

  private long innermostStride(int first, int last) {
    for (int d = last; d >= first; d--) {
      if (shape.size(d) != 1) {
        return strides[d];
      }
    }
    return 1;
  }

  private static long[] without(long[] a, int at) {
    long[] b = new long[a.length - 1];
    System.arraycopy(a, 0, b, 0, at);
    System.arraycopy(a, at + 1, b, at, b.length - at);
    return b;
  }

  private static long[] inserted(long[] a, int at, long value) {
    long[] b = new long[a.length + 1];
    System.arraycopy(a, 0, b, 0, at);
    b[at] = value;
    System.arraycopy(a, at, b, at + 1, a.length - at);
    return b;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Layout l
            && offset == l.offset
            && shape.equals(l.shape)
            && Arrays.equals(strides, l.strides);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * shape.hashCode() + Arrays.hashCode(strides)) + Long.hashCode(offset);
  }

  @Override
  public String toString() {
    return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
  }
}
