package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.View;
import dev.crema.tensor.Activation;
import org.jspecify.annotations.Nullable;

/** Convolution of f32 or f64: from the backend to the algorithm that {@link Selection} chose. */
public final class Conv2d {
  private Conv2d() {}

  /** y = activation(x ⋆ w + bias). */
  public static void forward(
      Conv2dPlan plan, View x, View w, @Nullable View bias, Activation activation, View y) {
    var epilogue =
        new Epilogue(bias == null ? null : Operand.of(bias), activation == Activation.RELU);
    Selection.of(plan, Direction.FORWARD)
        .forward(plan, Operand.of(x), Operand.of(w), epilogue, Operand.of(y));
  }

  /** gx = the gradient for x of the gradient gy for y. */
  public static void backwardInput(Conv2dPlan plan, View gy, View w, View gx) {
    Selection.of(plan, Direction.BACKWARD_INPUT)
        .backwardInput(plan, Operand.of(gy), Operand.of(w), Operand.of(gx));
  }

  /** gw = the gradient for w of the gradient gy for y. */
  public static void backwardWeight(Conv2dPlan plan, View x, View gy, View gw) {
    Selection.of(plan, Direction.BACKWARD_WEIGHT)
        .backwardWeight(plan, Operand.of(x), Operand.of(gy), Operand.of(gw));
  }
}
