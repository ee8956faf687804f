package dev.crema.tck;

import dev.crema.backend.AdamStep;
import dev.crema.backend.RmspropStep;
import dev.crema.backend.SgdStep;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The reference's optimizer steps. */
final class ReferenceSteps {
  private ReferenceSteps() {}

  static void sgd(SgdStep s, StepViews views) {
    var param = Elements.of(views.p());
    var grad = Elements.of(views.g());
    var momentum = Elements.ofNullable(views.m());
    for (long i = 0; i < param.count(); i++) {
      double d = grad.get(i) + s.weightDecay() * param.get(i);
      if (momentum != null) {
        double kept = s.momentum() * momentum.get(i) + (1 - s.dampening()) * d;
        double now = s.first() ? d : kept;
        momentum.set(i, now);
        d = s.nesterov() ? d + s.momentum() * now : now;
      }
      param.set(i, param.get(i) - s.lr() * d);
    }
  }

  static void adam(AdamStep s, StepViews views) {
    var param = Elements.of(views.p());
    var grad = Elements.of(views.g());
    var first = Elements.of(present(views.m()));
    var second = Elements.of(present(views.v()));
    double c1 = 1 - Math.pow(s.beta1(), s.t());
    double c2 = Math.sqrt(1 - Math.pow(s.beta2(), s.t()));
    for (long i = 0; i < param.count(); i++) {
      double at = s.decoupled() ? param.get(i) * (1 - s.lr() * s.weightDecay()) : param.get(i);
      double d = grad.get(i) + (s.decoupled() ? 0 : s.weightDecay() * at);
      double mean = s.beta1() * first.get(i) + (1 - s.beta1()) * d;
      double square = s.beta2() * second.get(i) + (1 - s.beta2()) * d * d;
      param.set(i, at - s.lr() / c1 * mean / (Math.sqrt(square) / c2 + s.eps()));
      first.set(i, mean);
      second.set(i, square);
    }
  }

  static void rmsprop(RmspropStep s, StepViews views) {
    var param = Elements.of(views.p());
    var grad = Elements.of(views.g());
    var square = Elements.of(present(views.v()));
    var momentum = Elements.ofNullable(views.m());
    for (long i = 0; i < param.count(); i++) {
      double d = grad.get(i) + s.weightDecay() * param.get(i);
      double now = s.alpha() * square.get(i) + (1 - s.alpha()) * d * d;
      d /= Math.sqrt(now) + s.eps();
      if (momentum != null) {
        d += s.momentum() * momentum.get(i);
        momentum.set(i, d);
      }
      square.set(i, now);
      param.set(i, param.get(i) - s.lr() * d);
    }
  }

  private static View present(@Nullable View state) {
    return Objects.requireNonNull(state, "the step needs this state");
  }
}
