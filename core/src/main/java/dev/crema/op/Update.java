package dev.crema.op;

import dev.crema.backend.AdamStep;
import dev.crema.backend.Backend;
import dev.crema.backend.RmspropStep;
import dev.crema.backend.SgdStep;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.tensor.DType;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The optimizers' steps, in place and on many parameters at once. Run them under NoGrad. */
public final class Update {
  private Update() {}

  /**
   * One parameter and what belongs to it, all of one shape, dtype and device.
   *
   * @param p the parameter
   * @param g its gradient
   * @param m the momentum or first moment, null where the step has none
   * @param v the mean of squares, null where the step has none
   */
  public record Operands(Tensor p, Tensor g, @Nullable Tensor m, @Nullable Tensor v) {}

  /** A step on the parameters of one backend and dtype. */
  private interface Kernel {
    void run(Backend backend, List<StepViews> parameters, @Nullable View skip);
  }

  /** {@link SgdStep} on each parameter; m is the momentum. */
  public static void sgd(SgdStep step, List<Operands> operands) {
    sgd(() -> step, operands, null);
  }

  /**
   * With the settings of each run; {@code skip}, one f32, says on the device whether to leave all
   * as it is.
   */
  public static void sgd(Supplier<SgdStep> step, List<Operands> operands, @Nullable Tensor skip) {
    run("sgd", operands, skip, (b, views, flag) -> b.sgdStep(step, views, flag));
  }

  /** {@link AdamStep} on each parameter; m is the first moment, v the second. */
  public static void adam(AdamStep step, List<Operands> operands) {
    adam(() -> step, operands, null);
  }

  /**
   * With the settings of each run; {@code skip}, one f32, says on the device whether to leave all
   * as it is.
   */
  public static void adam(Supplier<AdamStep> step, List<Operands> operands, @Nullable Tensor skip) {
    run("adam", operands, skip, (b, views, flag) -> b.adamStep(step, views, flag));
  }

  /** {@link RmspropStep} on each parameter; v is the square average, m the momentum. */
  public static void rmsprop(RmspropStep step, List<Operands> operands) {
    rmsprop(() -> step, operands, null);
  }

  /**
   * With the settings of each run; {@code skip}, one f32, says on the device whether to leave all
   * as it is.
   */
  public static void rmsprop(
      Supplier<RmspropStep> step, List<Operands> operands, @Nullable Tensor skip) {
    run("rmsprop", operands, skip, (b, views, flag) -> b.rmspropStep(step, views, flag));
  }

  /** Checks all before the first is changed; then one call for each run of one kind. */
  private static void run(
      String op, List<Operands> operands, @Nullable Tensor skip, Kernel kernel) {
    List<StepViews> views = new ArrayList<>();
    for (Operands o : operands) {
      if (skip != null) {
        Check.device(op, o.p(), skip);
      }
      Tensor g = check(op, o);
      views.add(new StepViews(o.p().view(), g.view(), viewOf(o.m()), viewOf(o.v())));
    }
    int from = 0;
    for (int to = 1; to <= operands.size(); to++) {
      Tensor first = operands.get(from).p();
      if (to == operands.size() || !isAlike(first, operands.get(to).p())) {
        kernel.run(first.backend(), views.subList(from, to), viewOf(skip));
        operands.subList(from, to).forEach(Update::touch);
        from = to;
      }
    }
  }

  /**
   * Multiplies gradients by a factor in place, and notes whether one had an element that is
   * infinite or NaN.
   *
   * @param factor one f32
   * @param gradients contiguous, of one device
   * @param found one f32: 1 afterwards if there was such an element, else as it was
   */
  public static void unscale(Tensor factor, List<Tensor> gradients, Tensor found) {
    Check.dtype("unscale", factor, DType.F32);
    Check.dtype("unscale", found, DType.F32);
    for (Tensor g : gradients) {
      Check.writable("unscale", g);
      Check.floating("unscale", g);
      Check.device("unscale", g, factor);
      if (!g.isContiguous()) {
        throw new ShapeException(
            "unscale: expected contiguous gradients, got one of shape " + g.shape());
      }
    }
    int from = 0;
    for (int to = 1; to <= gradients.size(); to++) {
      Tensor first = gradients.get(from);
      if (to == gradients.size() || !isAlike(first, gradients.get(to))) {
        List<View> views = gradients.subList(from, to).stream().map(Tensor::view).toList();
        first.backend().unscale(factor.view(), views, found.view());
        from = to;
      }
    }
    gradients.forEach(g -> g.buffer().touch());
    found.buffer().touch();
  }

  private static boolean isAlike(Tensor a, Tensor b) {
    DType dtype = a.dtype();
    return dtype == b.dtype() && a.device().equals(b.device());
  }

  /** Returns the gradient, contiguous. */
  private static Tensor check(String op, Operands o) {
    Check.writable(op, o.p());
    Check.floating(op, o.p());
    Tensor gradient = o.g().contiguous();
    checkOperand(op, o.p(), gradient);
    checkOperand(op, o.p(), o.m());
    checkOperand(op, o.p(), o.v());
    return gradient;
  }

  private static void checkOperand(String op, Tensor p, @Nullable Tensor t) {
    if (t == null) {
      return;
    }
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

  private static void touch(Operands o) {
    o.p().buffer().touch();
    touch(o.m());
    touch(o.v());
  }

  private static void touch(@Nullable Tensor state) {
    if (state != null) {
      state.buffer().touch();
    }
  }
}
