package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;

/** What of a convolution is computed; {@link #label} is benchdnn's name for it. */
public enum Direction {
  /** y from x and w. */
  FORWARD("fwd"),
  /** The gradient for x, from gy and w. */
  BACKWARD_INPUT("bwd_d"),
  /** The gradient for w, from x and gy. */
  BACKWARD_WEIGHT("bwd_w");

  private final String label;

  Direction(String label) {
    this.label = label;
  }

  /** {@code fwd}, {@code bwd_d} or {@code bwd_w}. */
  public String label() {
    return label;
  }

  /** Calls an algorithm in this direction; each of the operands is x, w or y, or its gradient. */
  public void run(ConvAlgorithm algorithm, Conv2dPlan plan, Operand x, Operand w, Operand y) {
    switch (this) {
      case FORWARD -> algorithm.forward(plan, x, w, Epilogue.NONE, y);
      case BACKWARD_INPUT -> algorithm.backwardInput(plan, y, w, x);
      case BACKWARD_WEIGHT -> algorithm.backwardWeight(plan, x, y, w);
    }
  }
}
