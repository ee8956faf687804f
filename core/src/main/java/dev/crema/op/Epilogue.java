package dev.crema.op;

import dev.crema.autograd.GradMode;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Saver;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.ChannelPlan;
import dev.crema.tensor.Activation;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a product or a convolution does on top, bias and activation, on the way back. */
final class Epilogue {
  private Epilogue() {}

  /** The result, if the activation's gradient needs it. */
  static @Nullable Saved save(Activation activation, Saver s) {
    return switch (activation) {
      case NONE -> null;
      case RELU -> s.output();
    };
  }

  /**
   * From the gradient for the result [n, c, ..] to that for what bias and activation were put on,
   * which it returns, and to the bias's.
   *
   * @param y the result of a ReLU; null without
   * @param bias the bias's number among the inputs
   */
  static Tensor backward(Tensor gy, @Nullable Saved y, int bias, Gradients g) {
    if (y != null && g.wants(bias) && !GradMode.isRecording()) {
      return fused(gy, y.get(), bias, g);
    }
    Tensor gx = y == null ? gy : Pointwise.binary(BinaryOp.RELU_GRAD, gy, y.get());
    g.of(bias, () -> gx.sum(IntStream.range(0, gx.rank()).filter(d -> d != 1).toArray()));
    return gx;
  }

  private static Tensor fused(Tensor gy0, Tensor y, int bias, Gradients g) {
    Tensor gy = Formats.dense(gy0, Formats.of(y));
    var plan = ChannelPlan.check("bias", gy.dtype(), gy.shape()).in(Formats.of(y));
    Tensor gx = Formats.emptyLike(y);
    Tensor gb = Tensor.empty(Shape.of(plan.c()), gy.dtype(), gy.device());
    gy.backend().biasReluBackward(plan, gy.view(), y.view(), gx.view(), gb.view());
    g.set(bias, gb);
    return gx;
  }
}
