package dev.crema.nn;

import dev.crema.tensor.Tensor;

/** 1 / (1 + e^−x). */
public final class Sigmoid extends Module {
  /** Has no options. */
  public Sigmoid() {}

  @Override
  protected Tensor forward(Tensor x) {
    return x.sigmoid();
  }
}
