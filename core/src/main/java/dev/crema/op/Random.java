package dev.crema.op;

import dev.crema.backend.RandomOp;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Philox;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;

/** Random tensors, and dropout. */
public final class Random {
  private Random() {}

  /** A tensor drawn from {@code op}'s distribution with parameters a and b. */
  public static Tensor draw(
      RandomOp op,
      double a,
      double b,
      Shape shape,
      DType dtype,
      Device device,
      Generator generator) {
    if (!dtype.isFloating()) {
      throw new DTypeException("random: expected f32 or f64, got " + dtype);
    }
    if (dtype.isHalf()) {
      return draw(op, a, b, shape, dtype.wide(), device, generator).to(dtype);
    }
    Tensor y = Tensor.empty(shape, dtype, device);
    long blocks = Philox.blocks(dtype, shape.numel());
    y.backend().random(op, a, b, generator.seed(), () -> generator.reserve(blocks), y.view());
    return y;
  }

  /**
   * Zeroes each element with probability p and scales the others by 1 / (1 − p), so that the mean
   * stays (Srivastava et al., 2014).
   */
  public static Tensor dropout(Tensor x, double p, Generator generator) {
    Check.floating("dropout", x);
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("dropout: expected a probability from 0 to 1, got " + p);
    }
    double kept = p == 1 ? 0 : 1 / (1 - p);
    return x.mul(
        draw(RandomOp.BERNOULLI, 1 - p, kept, x.shape(), x.dtype(), x.device(), generator));
  }
}
