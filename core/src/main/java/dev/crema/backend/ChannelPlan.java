package dev.crema.backend;

import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;

/**
 * Work per channel of [n, c, inner], where inner is the product of the dimensions after the
 * channels. Per-channel operands are [c]; those of batch norm are f32 where x is f16 or bf16. A
 * batch in channels-last is a plan of one pixel per image, [n·h·w, c, 1], since that is how its
 * memory lies.
 */
public record ChannelPlan(DType dtype, int n, int c, int inner) {

  public static ChannelPlan check(String op, DType dtype, Shape x) {
    if (!dtype.isFloating()) {
      throw new DTypeException("%s: expected f32 or f64, got %s %s".formatted(op, dtype, x));
    }
    if (x.rank() < 2) {
      throw new ShapeException("%s: expected [n, c, ..], got %s".formatted(op, x));
    }
    long inner = 1;
    for (int d = 2; d < x.rank(); d++) {
      inner *= x.size(d);
    }
    x.toInt(op, x.size(0) * inner);
    return new ChannelPlan(
        dtype, x.toInt(op, x.size(0)), x.toInt(op, x.size(1)), x.toInt(op, inner));
  }

  /** The same work on a tensor whose memory is in this format. */
  public ChannelPlan in(MemoryFormat format) {
    return switch (format) {
      case CONTIGUOUS -> this;
      case CHANNELS_LAST -> new ChannelPlan(dtype, count(), c, 1);
    };
  }

  /** How many elements a channel has. */
  public int count() {
    return n * inner;
  }
}
