package dev.crema.nn;

import dev.crema.tensor.Tensor;

/** x where x > 0, else alpha·(e^x − 1) (Clevert et al., 2016). */
public final class ELU extends Module {
  private final double alpha;

  /** Alpha 1. */
  public ELU() {
    this(1);
  }

  /**
   * @param alpha the size of the lower bound, −alpha
   */
  public ELU(double alpha) {
    this.alpha = alpha;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.elu(alpha);
  }

  @Override
  protected String extraRepr() {
    return "alpha=" + ModulePrinter.python(alpha);
  }
}
