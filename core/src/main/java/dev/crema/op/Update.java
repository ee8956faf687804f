package dev.crema.op;

import dev.crema.backend.AdamStep;
import dev.crema.backend.RmspropStep;
import dev.crema.backend.SgdStep;
import dev.crema.backend.View;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The optimizers' steps on one parameter, in place. Run them under NoGrad; operands have the
 * parameter's shape and dtype.
 */
public final class Update {
  private Update() {}

  /** {@link SgdStep} on p with gradient g; m is the momentum, or null without. */
  public static void sgd(SgdStep step, Tensor p, Tensor g, @Nullable Tensor m) {
    Tensor gradient = check("sgd", p, g, m);
    p.backend().sgdStep(step, p.view(), gradient.view(), viewOf(m));
    touch(p, m);
  }

  /** {@link AdamStep} on p with gradient g, first moment m and second moment v. */
  public static void adam(AdamStep step, Tensor p, Tensor g, Tensor m, Tensor v) {
    Tensor gradient = check("adam", p, g, m, v);
    p.backend().adamStep(step, p.view(), gradient.view(), m.view(), v.view());
    touch(p, m, v);
  }

  /**
   * {@link RmspropStep} on p with gradient g and square average v; m is the momentum, or null
   * without.
   */
  public static void rmsprop(RmspropStep step, Tensor p, Tensor g, Tensor v, @Nullable Tensor m) {
    Tensor gradient = check("rmsprop", p, g, v, m);
    p.backend().rmspropStep(step, p.view(), gradient.view(), v.view(), viewOf(m));
    touch(p, v, m);
  }

  /** Returns the gradient, contiguous. */
  private static Tensor check(String op, Tensor p, Tensor g, @Nullable Tensor... state) {
    Check.writable(op, p);
    Check.floating(op, p);
    Tensor gradient = g.contiguous();
    checkOperand(op, p, gradient);
    for (Tensor t : state) {
      if (t != null) {
        checkOperand(op, p, t);
      }
    }
    return gradient;
  }

  private static void checkOperand(String op, Tensor p, Tensor t) {
    Check.together(op, p, t);
    if (!t.shape().equals(p.shape()) || !p.isContiguous() || !t.isContiguous()) {
      throw new ShapeException(
          "%s: expected gradient and state of the parameter's shape %s, all contiguous, got %s"
              .formatted(op, p.shape(), t.shape()));
    }
  }

  private static @Nullable View viewOf(@Nullable Tensor t) {
    return t == null ? null : t.view();
  }

  private static void touch(@Nullable Tensor... changed) {
    for (Tensor t : changed) {
      if (t != null) {
        t.buffer().touch();
      }
    }
  }
}
