package dev.crema.nn;

import dev.crema.tensor.Tensor;

/** x·σ(x) (Elfwing et al., 2017), also called swish. */
public final class SiLU extends Module {

  /** Prints as {@code SiLU()}. */
  public SiLU() {}

  @Override
  protected Tensor forward(Tensor x) {
    return x.silu();
  }
}
