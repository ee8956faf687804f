package dev.crema.op;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.Autograd;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Vjp;
import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.View;
import dev.crema.tensor.Activation;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.Padding;
import dev.crema.tensor.PaddingMode;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * 2-D convolution and its two backward ops. The three are closed under differentiation: the
 * gradient of each is written with the other two.
 */
public final class Conv {
  private Conv() {}

  /**
   * The cross-correlation of images with kernels.
   *
   * @param x0 [n, ic, ih, iw], or one image [ic, ih, iw]
   * @param w0 [oc, ic/groups, kh, kw]
   * @param bias0 [oc], or null
   * @return [n, oc, oh, ow], or [oc, oh, ow]
   */
  public static Tensor conv2d(Tensor x0, Tensor w0, @Nullable Tensor bias0, Conv2dOptions o) {
    Tensor x = Autocast.low(x0);
    Tensor w = Autocast.low(w0);
    Tensor bias = Autocast.lowOrNull(bias0);
    Check.device("conv2d", x, w);
    if (bias != null) {
      Check.together("conv2d", x, bias);
    }
    var plan =
        Conv2dPlan.check(
            "conv2d",
            x.dtype(),
            x.shape(),
            w.dtype(),
            w.shape(),
            bias == null ? null : bias.shape(),
            o);
    if (x.rank() == 3) {
      return conv2d(x.unsqueeze(0), w, bias, o).squeeze(0);
    }
    if (o.mode() != PaddingMode.ZEROS) {
      Tensor padded = Pad.pad(x, plan.padding(), o.mode(), 0);
      return conv2d(padded, w, bias, o.padding(Padding.valid()).mode(PaddingMode.ZEROS));
    }
    return forward(plan.in(Formats.of(x)), x, w, bias, o.activation());
  }

  private static Tensor forward(
      Conv2dPlan plan, Tensor x0, Tensor w0, @Nullable Tensor bias0, Activation activation) {
    Tensor x = Formats.dense(x0, plan.format());
    Tensor w = Formats.dense(w0, plan.format());
    Tensor bias = bias0 == null ? null : bias0.contiguous();
    Tensor y = Tensor.empty(plan.yShape(), x.dtype(), x.device(), plan.format());
    x.backend().conv2d(plan, x.view(), w.view(), viewOf(bias), activation, y.view());
    return Autograd.record(
        "conv2d",
        y,
        Autograd.inputs(x, w, bias),
        s -> new Conv2dGrad(plan, s.of(x, w), s.of(w, x), Epilogue.save(activation, s)));
  }

  private static @Nullable View viewOf(@Nullable Tensor t) {
    return t == null ? null : t.view();
  }

  record Conv2dGrad(Conv2dPlan plan, @Nullable Saved x, @Nullable Saved w, @Nullable Saved y)
      implements Vjp {
    @Override
    public void apply(Tensor gy0, Gradients g) {
      Tensor gy = Epilogue.backward(gy0, y, 2, g);
      if (w != null) {
        g.of(0, () -> backwardInput(plan, gy, w.get()));
      }
      if (x != null) {
        g.of(1, () -> backwardWeight(plan, x.get(), gy));
      }
    }
  }

  /** The gradient for the image, which is also the transposed convolution of gy with w. */
  public static Tensor backwardInput(Conv2dPlan plan, Tensor gy0, Tensor w0) {
    Tensor gy = operand("conv2d_backward_input", "gradient", plan, gy0, plan.yShape());
    Tensor w = operand("conv2d_backward_input", "weight", plan, w0, plan.wShape());
    Check.device("conv2d_backward_input", gy, w);
    Tensor gx = Tensor.empty(plan.xShape(), gy.dtype(), gy.device(), plan.format());
    gy.backend().conv2dBackwardInput(plan, gy.view(), w.view(), gx.view());
    return Autograd.record(
        "conv2d_backward_input",
        gx,
        Autograd.inputs(gy, w),
        s -> new BackwardInputGrad(plan, s.of(gy, w), s.of(w, gy)));
  }

  record BackwardInputGrad(Conv2dPlan plan, @Nullable Saved gy, @Nullable Saved w) implements Vjp {
    @Override
    public void apply(Tensor ggx, Gradients g) {
      if (w != null) {
        g.of(0, () -> forward(plan, ggx, w.get(), null, Activation.NONE));
      }
      if (gy != null) {
        g.of(1, () -> backwardWeight(plan, ggx, gy.get()));
      }
    }
  }

  /** The gradient for the kernels. */
  public static Tensor backwardWeight(Conv2dPlan plan, Tensor x0, Tensor gy0) {
    Tensor x = operand("conv2d_backward_weight", "input", plan, x0, plan.xShape());
    Tensor gy = operand("conv2d_backward_weight", "gradient", plan, gy0, plan.yShape());
    Check.device("conv2d_backward_weight", x, gy);
    Tensor gw = Tensor.empty(plan.wShape(), x.dtype(), x.device(), plan.format());
    x.backend().conv2dBackwardWeight(plan, x.view(), gy.view(), gw.view());
    return Autograd.record(
        "conv2d_backward_weight",
        gw,
        Autograd.inputs(x, gy),
        s -> new BackwardWeightGrad(plan, s.of(x, gy), s.of(gy, x)));
  }

  record BackwardWeightGrad(Conv2dPlan plan, @Nullable Saved x, @Nullable Saved gy) implements Vjp {
    @Override
    public void apply(Tensor ggw, Gradients g) {
      if (gy != null) {
        g.of(0, () -> backwardInput(plan, gy.get(), ggw));
      }
      if (x != null) {
        g.of(1, () -> forward(plan, x.get(), ggw, null, Activation.NONE));
      }
    }
  }

  /** An operand that the plan describes, dense in its format. */
  private static Tensor operand(String op, String role, Conv2dPlan plan, Tensor t, Shape shape) {
    if (!t.shape().equals(shape) || t.dtype() != plan.dtype()) {
      throw new ShapeException(
          "%s: expected the %s %s %s of the plan, got %s %s"
              .formatted(op, role, plan.dtype(), shape, t.dtype(), t.shape()));
    }
    return Formats.dense(t, plan.format());
  }
}
