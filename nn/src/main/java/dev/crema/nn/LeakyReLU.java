package dev.crema.nn;

import dev.crema.tensor.Tensor;

/** x where x > 0, else slope·x. */
public final class LeakyReLU extends Module {
  private final double slope;

  /** Slope 0.01. */
  public LeakyReLU() {
    this(0.01);
  }

  /**
   * @param negativeSlope the slope below 0
   */
  public LeakyReLU(double negativeSlope) {
    this.slope = negativeSlope;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.leakyRelu(slope);
  }

  @Override
  protected String extraRepr() {
    return "negative_slope=" + ModulePrinter.python(slope);
  }
}
