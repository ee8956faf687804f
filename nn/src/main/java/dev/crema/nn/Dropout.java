package dev.crema.nn;

import dev.crema.tensor.Tensor;

/**
 * In training, zeroes each element with probability p and scales the others by 1 / (1 − p); in
 * inference, does nothing (Srivastava et al., 2014).
 */
public final class Dropout extends Module {
  private final double p;

  /** With probability 0.5. */
  public Dropout() {
    this(0.5);
  }

  /**
   * @param p the probability of zero
   */
  public Dropout(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("Dropout: expected a probability from 0 to 1, got " + p);
    }
    this.p = p;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return isTraining() ? x.dropout(p, generator()) : x;
  }

  @Override
  protected String extraRepr() {
    return "p=" + ModulePrinter.python(p) + ", inplace=False";
  }
}
