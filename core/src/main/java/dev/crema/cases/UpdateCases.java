package dev.crema.cases;

import dev.crema.autograd.NoGrad;
import dev.crema.backend.AdamStep;
import dev.crema.backend.RmspropStep;
import dev.crema.backend.SgdStep;
import dev.crema.op.Update;
import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The optimizers' steps: three of each on one parameter; the result shows it with its state. */
final class UpdateCases {
  private static final int STEPS = 3;

  private UpdateCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    sgd("", 0, 0, 0, false, cases);
    sgd("weight decay", 0, 0, 0.1, false, cases);
    sgd("momentum", 0.9, 0, 0.1, false, cases);
    sgd("dampening", 0.9, 0.3, 0, false, cases);
    sgd("nesterov", 0.9, 0, 0.1, true, cases);
    adam("", 0, false, cases);
    adam("weight decay", 0.1, false, cases);
    adam("decoupled", 0.1, true, cases);
    rmsprop("", 0, 0, cases);
    rmsprop("momentum, weight decay", 0.9, 0.1, cases);
    for (boolean left : new boolean[] {false, true}) {
      skipping(left ? "left out" : "not left out", left ? 1 : 0, cases);
    }
    cases.add(OpCase.of("unscale", "finite", t -> unscaled(t[0], 1), Input.real(5, 7).constant()));
    cases.add(
        OpCase.of("unscale", "large", t -> unscaled(t[0], 1), Input.real(200, 203).constant())
            .asLarge());
    for (double overflow :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      cases.add(
          OpCase.of(
              "unscale",
              "with " + overflow,
              t -> unscaled(t[0], overflow),
              Input.real(5, 7).constant()));
    }
    return cases;
  }

  /** One step on parameter p and state m and v. */
  private interface Step {
    void run(int number, Tensor p, Tensor g, Tensor m, Tensor v);
  }

  private static void sgd(
      String variant,
      double momentum,
      double dampening,
      double weightDecay,
      boolean nesterov,
      List<OpCase> cases) {
    add(
        "sgd",
        variant,
        (i, p, g, m, v) ->
            Update.sgd(
                new SgdStep(0.05, momentum, dampening, weightDecay, nesterov, i == 0),
                halves(p, g, momentum == 0 ? null : m, null)),
        cases);
  }

  private static void adam(
      String variant, double weightDecay, boolean decoupled, List<OpCase> cases) {
    add(
        "adam",
        variant,
        (i, p, g, m, v) ->
            Update.adam(
                new AdamStep(0.05, 0.9, 0.99, 1e-8, weightDecay, decoupled, i + 1),
                halves(p, g, m, v)),
        cases);
  }

  private static void rmsprop(
      String variant, double momentum, double weightDecay, List<OpCase> cases) {
    add(
        "rmsprop",
        variant,
        (i, p, g, m, v) ->
            Update.rmsprop(
                new RmspropStep(0.05, 0.9, 1e-8, weightDecay, momentum),
                halves(p, g, momentum == 0 ? null : m, v)),
        cases);
  }

  /** Each step with a flag on the device. */
  private static void skipping(String variant, double flag, List<OpCase> cases) {
    add(
        "sgd",
        variant,
        (i, p, g, m, v) ->
            Update.sgd(
                () -> new SgdStep(0.05, 0.9, 0, 0.1, false, i == 0),
                halves(p, g, m, null),
                flag(flag, p)),
        cases);
    add(
        "adam",
        variant,
        (i, p, g, m, v) ->
            Update.adam(
                () -> new AdamStep(0.05, 0.9, 0.99, 1e-8, 0.1, true, i + 1),
                halves(p, g, m, v),
                flag(flag, p)),
        cases);
    add(
        "rmsprop",
        variant,
        (i, p, g, m, v) ->
            Update.rmsprop(
                () -> new RmspropStep(0.05, 0.9, 1e-8, 0.1, 0.9),
                halves(p, g, m, v),
                flag(flag, p)),
        cases);
  }

  private static Tensor flag(double value, Tensor like) {
    return Tensor.scalar(value, DType.F32, like.device());
  }

  /**
   * Two gradients of different sizes, the second at an offset with a number in it, and the flag.
   */
  private static Tensor unscaled(Tensor x, double number) {
    try (var _ = NoGrad.open()) {
      Tensor g = x.copy();
      g.select(0, 3).select(0, 2).fill_(number);
      Tensor found = flag(0, g);
      Update.unscale(flag(0.25, g), List.of(g.slice(0, 0, 2), g.slice(0, 2, g.size(0))), found);
      return Tensor.cat(List.of(g.reshape(-1), found.to(g.dtype()).reshape(1)), 0);
    }
  }

  private static void add(String op, String variant, Step step, List<OpCase> cases) {
    cases.add(OpCase.of(op, variant, x -> run(step, x), inputs(5, 7)));
    cases.add(
        OpCase.of(op, (variant + " large").strip(), x -> run(step, x), inputs(200, 203)).asLarge());
  }

  private static Input[] inputs(long... shape) {
    return new Input[] {Input.real(shape).constant(), Input.real(shape).constant()};
  }

  /** Two parameters of different sizes, the second at an offset: a step takes many. */
  private static List<Update.Operands> halves(
      Tensor p, Tensor g, @Nullable Tensor m, @Nullable Tensor v) {
    return List.of(rows(0, 2, p, g, m, v), rows(2, p.size(0), p, g, m, v));
  }

  private static Update.Operands rows(
      long from, long to, Tensor p, Tensor g, @Nullable Tensor m, @Nullable Tensor v) {
    return new Update.Operands(
        p.slice(0, from, to),
        g.slice(0, from, to),
        m == null ? null : m.slice(0, from, to),
        v == null ? null : v.slice(0, from, to));
  }

  private static Tensor run(Step step, Tensor[] x) {
    try (var _ = NoGrad.open()) {
      Tensor p = x[0].copy();
      Tensor m = Tensor.zerosLike(p);
      Tensor v = Tensor.zerosLike(p);
      for (int i = 0; i < STEPS; i++) {
        step.run(i, p, x[1].mul(i + 1), m, v);
      }
      return Tensor.stack(List.of(p, m, v), 0);
    }
  }
}
