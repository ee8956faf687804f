package dev.crema.op;

import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;

/** In which memory format an op computes: in that of its operand, where the backend can. */
final class Formats {
  private Formats() {}

  /** The format of an op's result, and of what its kernel reads. */
  static MemoryFormat of(Tensor x) {
    return x.rank() == 4 && x.backend().hasChannelsLast()
        ? x.layout().format()
        : MemoryFormat.CONTIGUOUS;
  }

  /** The same of an op whose operands broadcast to a shape: channels-last if one of them is. */
  static MemoryFormat of(Shape shape, Tensor... operands) {
    for (Tensor t : operands) {
      if (t.shape().equals(shape) && of(t) == MemoryFormat.CHANNELS_LAST) {
        return MemoryFormat.CHANNELS_LAST;
      }
    }
    return MemoryFormat.CONTIGUOUS;
  }

  /** x itself where its memory is that of the format, else a copy whose is. */
  static Tensor dense(Tensor x, MemoryFormat format) {
    return x.isContiguous(format) ? x : Shaping.copy(x, format);
  }

  /** Undefined elements that lie as an op's on x do. */
  static Tensor emptyLike(Tensor x) {
    return Tensor.empty(x.shape(), x.dtype(), x.device(), of(x));
  }
}
