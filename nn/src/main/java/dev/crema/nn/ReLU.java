package dev.crema.nn;

import dev.crema.tensor.Tensor;

/** max(x, 0). */
public final class ReLU extends Module {
  private final boolean inplace;

  /** Prints as {@code ReLU()}. */
  public ReLU() {
    this(false);
  }

  /**
   * @param inplace only how the layer prints, so that models print as in PyTorch: memory is freed
   *     by counting, and nothing is overwritten
   */
  public ReLU(boolean inplace) {
    this.inplace = inplace;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.relu();
  }

  @Override
  protected String extraRepr() {
    return inplace ? "inplace=True" : "";
  }
}
