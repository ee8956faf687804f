package dev.crema.tensor;

/**
 * In which order the elements of a dense tensor lie. Shapes, indices and values are the same in
 * both; only speed differs, on devices whose libraries prefer the one or the other.
 */
public enum MemoryFormat {
  /** Row-major: the last dimension is the densest. */
  CONTIGUOUS {
    @Override
    long[] strides(Shape shape) {
      return shape.contiguousStrides();
    }
  },
  /** Images [n, c, h, w] in the order n, h, w, c. Tensors of another rank are row-major. */
  CHANNELS_LAST {
    @Override
    long[] strides(Shape shape) {
      if (shape.rank() != 4) {
        return shape.contiguousStrides();
      }
      long c = Math.max(1, shape.size(1));
      long h = Math.max(1, shape.size(2));
      long w = Math.max(1, shape.size(3));
      return new long[] {c * h * w, 1, c * w, c};
    }
  };

  /** The strides of a dense tensor in this format. */
  abstract long[] strides(Shape shape);
}
