package dev.crema.nn;

import dev.crema.tensor.Tensor;

/** The hyperbolic tangent. */
public final class Tanh extends Module {
  /** Has no options. */
  public Tanh() {}

  @Override
  protected Tensor forward(Tensor x) {
    return x.tanh();
  }
}
