package dev.crema.op;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.Autograd;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Vjp;
import dev.crema.backend.SoftmaxPlan;
import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;

/** Softmax and its logarithm along one dimension; of f16 and bf16 in f32, rounded at the end. */
public final class Softmax {
  private Softmax() {}

  /** e^x / Σ e^x along {@code dim}. */
  public static Tensor softmax(Tensor x0, int dim) {
    Tensor x = Autocast.wide(x0);
    if (x.dtype().isHalf()) {
      return softmax(x.to(DType.F32), dim).to(x.dtype());
    }
    Tensor y = forward("softmax", x, dim, false);
    return Autograd.record("softmax", y, Autograd.inputs(x), s -> new SoftmaxGrad(dim, s.output()));
  }

  record SoftmaxGrad(int dim, Saved y) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      Tensor p = y.get();
      g.set(0, p.mul(gy.sub(gy.mul(p).sum(true, dim))));
    }
  }

  /** x − ln Σ e^x along {@code dim}. */
  public static Tensor logSoftmax(Tensor x0, int dim) {
    Tensor x = Autocast.wide(x0);
    if (x.dtype().isHalf()) {
      return logSoftmax(x.to(DType.F32), dim).to(x.dtype());
    }
    Tensor y = forward("log_softmax", x, dim, true);
    return Autograd.record(
        "log_softmax", y, Autograd.inputs(x), s -> new LogSoftmaxGrad(dim, s.output()));
  }

  record LogSoftmaxGrad(int dim, Saved y) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.sub(y.get().exp().mul(gy.sum(true, dim))));
    }
  }

  private static Tensor forward(String op, Tensor x0, int dim, boolean log) {
    var plan = SoftmaxPlan.check(op, x0.dtype(), x0.shape(), dim);
    Tensor x = x0.contiguous();
    Tensor y = Tensor.empty(x.shape(), x.dtype(), x.device());
    x.backend().softmax(plan, log, x.view(), y.view());
    return y;
  }
}
