package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.View;
import org.jspecify.annotations.Nullable;

/** Convolution of f32 or f64: the entry that picks the algorithm. There is one so far, im2col. */
public final class Conv2d {
  private Conv2d() {}

  /** y = x ⋆ w + bias. */
  public static void forward(Conv2dPlan plan, View x, View w, @Nullable View bias, View y) {
    new Im2colForward(
            plan,
            Operand.of(x),
            Operand.of(w),
            bias == null ? null : Operand.of(bias),
            Operand.of(y))
        .run();
  }

  /** gx = the gradient for x of the gradient gy for y. */
  public static void backwardInput(Conv2dPlan plan, View gy, View w, View gx) {
    new Im2colBackwardInput(plan, Operand.of(gy), Operand.of(w), Operand.of(gx)).run();
  }

  /** gw = the gradient for w of the gradient gy for y. */
  public static void backwardWeight(Conv2dPlan plan, View x, View gy, View gw) {
    new Im2colBackwardWeight(plan, Operand.of(x), Operand.of(gy), Operand.of(gw)).run();
  }
}
