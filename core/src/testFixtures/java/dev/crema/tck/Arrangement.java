package dev.crema.tck;

import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.Arrays;

/** Ways in which the same elements may lie in memory. */
enum Arrangement {
  /** Column-major. */
  TRANSPOSED {
    @Override
    Tensor of(Tensor x) {
      int[] reversed = new int[x.rank()];
      Arrays.setAll(reversed, d -> x.rank() - 1 - d);
      return x.permute(reversed).copy().permute(reversed);
    }
  },
  /** Every second column, from the second on, of something larger that holds other numbers. */
  SLICED {
    @Override
    Tensor of(Tensor x) {
      long[] sizes = x.shape().sizes();
      Arrays.setAll(sizes, d -> d == sizes.length - 1 ? 2 * sizes[d] + 1 : sizes[d] + 2);
      Tensor around = Tensor.full(withOne(sizes), OTHER, x.dtype(), x.device());
      Tensor part = around.select(0, 1);
      for (int d = 0; d < x.rank(); d++) {
        boolean last = d == x.rank() - 1;
        part = part.slice(d, 1, last ? Long.MAX_VALUE : 1 + x.size(d), last ? 2 : 1);
      }
      return part.copy_(x);
    }
  },
  /** Images with their channels next to each other. */
  CHANNELS_LAST {
    @Override
    Tensor of(Tensor x) {
      return x.rank() == 4 ? x.copy().contiguous(MemoryFormat.CHANNELS_LAST) : x.copy();
    }
  },
  /** The same numbers once more, behind others. */
  OFFSET {
    @Override
    Tensor of(Tensor x) {
      Tensor around = Tensor.full(Shape.of(x.numel() + 3), OTHER, x.dtype(), x.device());
      return around.slice(0, 3, Long.MAX_VALUE).reshape(x.shape()).copy_(x);
    }
  };

  private static final double OTHER = 77;

  /** A tensor with x's elements, laid out this way. */
  abstract Tensor of(Tensor x);

  /** The first slice of one dimension repeated to x's size there, by stride 0. */
  static Tensor repeated(Tensor x, int dim) {
    return x.rank() == 0 || x.size(dim) == 0 ? x : x.slice(dim, 0, 1).expand(x.shape());
  }

  private static Shape withOne(long[] sizes) {
    long[] extended = new long[sizes.length + 1];
    extended[0] = 3;
    System.arraycopy(sizes, 0, extended, 1, sizes.length);
    return Shape.of(extended);
  }
}
