package dev.crema.nn;

import dev.crema.tensor.Tensor;

/** e^x / Σ e^x along one dimension. */
public final class Softmax extends Module {
  private final int dim;

  /**
   * @param dim the dimension that sums to one; -1 is the last
   */
  public Softmax(int dim) {
    this.dim = dim;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.softmax(dim);
  }

  @Override
  protected String extraRepr() {
    return "dim=" + dim;
  }
}
