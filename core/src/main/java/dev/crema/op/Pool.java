package dev.crema.op;

import dev.crema.autograd.Autograd;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Vjp;
import dev.crema.backend.Pool2dPlan;
import dev.crema.tensor.DType;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Tensor;
import java.util.function.UnaryOperator;

/** 2-D pooling of [n, c, ih, iw], or of one image [c, ih, iw]. */
public final class Pool {
  private Pool() {}

  public static Tensor maxPool2d(Tensor x, Pool2dOptions o) {
    var plan = Pool2dPlan.check("max_pool2d", x.dtype(), x.shape(), o);
    return batched(x, images -> max("max_pool2d", plan.in(Formats.of(images)), images));
  }

  public static Tensor adaptiveMaxPool2d(Tensor x, int oh, int ow) {
    String op = "adaptive_max_pool2d";
    var plan = Pool2dPlan.adaptive(op, x.dtype(), x.shape(), oh, ow);
    return batched(x, images -> max(op, plan.in(Formats.of(images)), images));
  }

  private static Tensor max(String op, Pool2dPlan plan, Tensor x0) {
    Tensor x = Formats.dense(x0, plan.format());
    Tensor y = Tensor.empty(plan.yShape(), x.dtype(), x.device(), plan.format());
    Tensor index = Tensor.empty(plan.yShape(), DType.I32, x.device(), plan.format());
    x.backend().maxPool2d(plan, x.view(), y.view(), index.view());
    return Autograd.record(op, y, Autograd.inputs(x), s -> new MaxPoolGrad(plan, s.of(index)));
  }

  record MaxPoolGrad(Pool2dPlan plan, Saved index) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, maxBackward(plan, gy, index.get()));
    }
  }

  private static Tensor maxBackward(Pool2dPlan plan, Tensor gy0, Tensor index) {
    Tensor gy = Formats.dense(gy0, plan.format());
    Tensor gx = Tensor.empty(plan.xShape(), gy.dtype(), gy.device(), plan.format());
    gy.backend().maxPool2dBackward(plan, gy.view(), index.view(), gx.view());
    return Autograd.record(
        "max_pool2d_backward",
        gx,
        Autograd.inputs(gy),
        s -> new MaxPoolBackwardGrad(plan, s.of(index)));
  }

  /** Picks what the winners got. */
  record MaxPoolBackwardGrad(Pool2dPlan plan, Saved index) implements Vjp {
    @Override
    public void apply(Tensor ggx, Gradients g) {
      long planes = (long) plan.n() * plan.c();
      Tensor pixels = ggx.reshape(planes, (long) plan.ih() * plan.iw());
      Tensor winners = index.get().reshape(planes, (long) plan.oh() * plan.ow());
      g.set(0, Index.gather(pixels, 1, winners).reshape(plan.yShape()));
    }
  }

  public static Tensor avgPool2d(Tensor x, Pool2dOptions o) {
    var plan = Pool2dPlan.check("avg_pool2d", x.dtype(), x.shape(), o);
    return batched(x, images -> average("avg_pool2d", plan.in(Formats.of(images)), images));
  }

  public static Tensor adaptiveAvgPool2d(Tensor x, int oh, int ow) {
    String op = "adaptive_avg_pool2d";
    var plan = Pool2dPlan.adaptive(op, x.dtype(), x.shape(), oh, ow);
    return batched(x, images -> average(op, plan.in(Formats.of(images)), images));
  }

  private static Tensor average(String op, Pool2dPlan plan, Tensor x0) {
    Tensor x = Formats.dense(x0, plan.format());
    Tensor y = Tensor.empty(plan.yShape(), x.dtype(), x.device(), plan.format());
    x.backend().avgPool2d(plan, x.view(), y.view());
    return Autograd.record(op, y, Autograd.inputs(x), _ -> new AvgPoolGrad(op, plan));
  }

  record AvgPoolGrad(String op, Pool2dPlan plan) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, averageBackward(op, plan, gy));
    }
  }

  private static Tensor averageBackward(String op, Pool2dPlan plan, Tensor gy0) {
    Tensor gy = Formats.dense(gy0, plan.format());
    Tensor gx = Tensor.empty(plan.xShape(), gy.dtype(), gy.device(), plan.format());
    gy.backend().avgPool2dBackward(plan, gy.view(), gx.view());
    return Autograd.record(
        op + "_backward", gx, Autograd.inputs(gy), _ -> new AvgPoolBackwardGrad(op, plan));
  }

  record AvgPoolBackwardGrad(String op, Pool2dPlan plan) implements Vjp {
    @Override
    public void apply(Tensor ggx, Gradients g) {
      g.set(0, average(op, plan, ggx));
    }
  }

  /** One image as a batch of one, and its result as one image. */
  private static Tensor batched(Tensor x, UnaryOperator<Tensor> pooling) {
    return x.rank() == 3 ? pooling.apply(x.unsqueeze(0)).squeeze(0) : pooling.apply(x);
  }
}
