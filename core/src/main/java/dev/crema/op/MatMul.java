package dev.crema.op;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.Autograd;
import dev.crema.autograd.GradMode;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Vjp;
import dev.crema.backend.MatMulPlan;
import dev.crema.backend.View;
import dev.crema.tensor.Activation;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Matrix products, by NumPy's rules for vectors and batches. */
public final class MatMul {
  private MatMul() {}

  /**
   * [.., m, k] · [.., k, n] → [.., m, n]; a vector is a row on the left and a column on the right.
   */
  public static Tensor matmul(Tensor a0, Tensor b0) {
    Tensor a = Autocast.low(a0);
    Tensor b = Autocast.low(b0);
    Check.together("matmul", a, b);
    MatMulPlan.checkOperands("matmul", a.dtype(), a.shape(), b.shape());
    if (a.shape().rank() == 1) {
      return matmul(a.unsqueeze(0), b).squeeze(b.shape().rank() == 1 ? 0 : -2);
    }
    if (b.shape().rank() == 1) {
      return matmul(a, b.unsqueeze(1)).squeeze(-1);
    }
    if (b.rank() == 2 && a.rank() > 2 && a.size(-1) == b.size(0)) {
      // One product instead of a batch that shares b.
      return matmul(rows(a), b).reshape(a.shape().with(-1, b.size(1)));
    }
    var plan = MatMulPlan.check("matmul", a.view(), b.view());
    Tensor y = Tensor.empty(plan.outShape(), a.dtype(), a.device());
    a.backend().matmul(plan, a.view(), b.view(), null, Activation.NONE, y.view());
    return Autograd.record(
        "matmul", y, Autograd.inputs(a, b), s -> new MatMulGrad(s.of(a, b), s.of(b, a)));
  }

  /** Saves each operand only if the other is differentiable. */
  record MatMulGrad(@Nullable Saved a, @Nullable Saved b) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      if (b != null) {
        g.of(0, () -> matmul(gy, b.get().transpose(-2, -1)));
      }
      if (a != null) {
        g.of(1, () -> matmul(a.get().transpose(-2, -1), gy));
      }
    }
  }

  /**
   * y = activation(x·wᵀ + bias), one op, so that the weight's gradient comes out in the weight's
   * own layout.
   *
   * @param x0 [.., in]
   * @param w0 [out, in], as in PyTorch's Linear
   * @param bias0 [out], or null
   */
  public static Tensor linear(Tensor x0, Tensor w0, @Nullable Tensor bias0, Activation activation) {
    Tensor x = Autocast.low(x0);
    Tensor w = Autocast.low(w0);
    Tensor bias1 = Autocast.lowOrNull(bias0);
    checkLinear(x, w, bias1);
    Tensor bias = bias1 == null ? null : bias1.contiguous();
    Tensor rows = rows(x);
    var plan = MatMulPlan.check("linear", rows.view(), transposed(w));
    Tensor y = Tensor.empty(plan.outShape(), x.dtype(), x.device());
    View biases = bias == null ? null : bias.view();
    x.backend().matmul(plan, rows.view(), transposed(w), biases, activation, y.view());
    Autograd.record(
        "linear",
        y,
        Autograd.inputs(rows, w, bias),
        s -> new LinearGrad(s.of(rows, w), s.of(w, rows), Epilogue.save(activation, s)));
    return y.reshape(x.shape().with(-1, w.size(0)));
  }

  record LinearGrad(@Nullable Saved x, @Nullable Saved w, @Nullable Saved y) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      if (GradMode.isRecording()) {
        differentiable(gy, g);
      } else {
        fused(gy.contiguous(), g);
      }
    }

    private void fused(Tensor gy, Gradients g) {
      Tensor rows = x != null && g.wants(1) ? x.get() : null;
      Tensor weight = w != null && g.wants(0) ? w.get() : null;
      Tensor gx = weight == null ? null : empty(gy, gy.size(0), weight.size(1));
      Tensor gw = rows == null ? null : empty(gy, gy.size(1), rows.size(1));
      Tensor gb = g.wants(2) ? empty(gy, gy.size(1)) : null;
      gy.backend()
          .linearBackward(
              gy.view(),
              y == null ? null : y.get().view(),
              viewOf(rows),
              viewOf(weight),
              viewOf(gx),
              viewOf(gw),
              viewOf(gb));
      set(g, 0, gx);
      set(g, 1, gw);
      set(g, 2, gb);
    }

    private static Tensor empty(Tensor like, long... shape) {
      return Tensor.empty(Shape.of(shape), like.dtype(), like.device());
    }

    private static @Nullable View viewOf(@Nullable Tensor t) {
      return t == null ? null : t.view();
    }

    private static void set(Gradients g, int i, @Nullable Tensor gradient) {
      if (gradient != null) {
        g.set(i, gradient);
      }
    }

    /** The same, written with ops, for when the gradient is itself differentiated. */
    private void differentiable(Tensor gy0, Gradients g) {
      Tensor gy = Epilogue.backward(gy0, y, 2, g);
      if (w != null) {
        g.of(0, () -> matmul(gy, w.get()));
      }
      if (x != null) {
        g.of(1, () -> matmul(gy.t(), x.get()));
      }
    }
  }

  private static void checkLinear(Tensor x, Tensor w, @Nullable Tensor bias) {
    Check.together("linear", x, w);
    Check.device("linear", x, bias);
    if (w.rank() != 2 || x.rank() < 1 || x.size(-1) != w.size(1)) {
      throw new ShapeException(
          "linear: expected input [.., in] and weight [out, in], got input %s and weight %s. Hint: flatten(1) images first"
              .formatted(x.shape(), w.shape()));
    }
    if (bias != null && (!bias.shape().equals(Shape.of(w.size(0))) || bias.dtype() != x.dtype())) {
      throw new ShapeException(
          "linear: expected a bias %s [%s] for weight %s, got %s %s"
              .formatted(x.dtype(), w.size(0), w.shape(), bias.dtype(), bias.shape()));
    }
  }

  private static View transposed(Tensor w) {
    return new View(w.buffer(), w.layout().transpose(0, 1));
  }

  /** All dimensions but the last as one. */
  private static Tensor rows(Tensor x) {
    long rows = 1;
    for (int d = 0; d < x.rank() - 1; d++) {
      rows *= x.size(d);
    }
    return x.reshape(rows, x.size(-1));
  }
}
