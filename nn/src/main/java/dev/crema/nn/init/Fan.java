package dev.crema.nn.init;

import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;

/**
 * How many inputs one output has, and how many outputs one input has: for a weight [out, in, ..],
 * in and out times the product of the other sizes.
 *
 * @param in inputs per output
 * @param out outputs per input
 */
public record Fan(long in, long out) {

  /** Which of the two an initialisation keeps the variance for. */
  public enum Mode {
    /** The forward signal. */
    FAN_IN,
    /** The gradient. */
    FAN_OUT
  }

  /** The fans of a weight of at least two dimensions. */
  public static Fan of(Shape weight) {
    if (weight.rank() < 2) {
      throw new ShapeException("fan: expected a weight [out, in, ..], got shape " + weight);
    }
    long window = 1;
    for (int d = 2; d < weight.rank(); d++) {
      window *= weight.size(d);
    }
    return new Fan(weight.size(1) * window, weight.size(0) * window);
  }

  long get(Mode mode) {
    return mode == Mode.FAN_IN ? in : out;
  }
}
