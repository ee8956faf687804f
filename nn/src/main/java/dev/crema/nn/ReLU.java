package dev.crema.nn;

import dev.crema.op.Fused;
import dev.crema.tensor.Activation;
import dev.crema.tensor.Tensor;

/** max(x, 0). */
public final class ReLU extends Module {
  private static final Fused OF_SUM = Fused.of("add_relu", 2, t -> t[0].add(t[1]).relu());

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

  /**
   * This behind another layer: {@code call(layer.call(x))} bit for bit, in one op where the layer
   * can do so and no hook looks at either.
   */
  public Tensor callBehind(Module layer, Tensor x) {
    return isOneWith(layer)
        ? layer.call(x, t -> ((Activatable) layer).forward(t, Activation.RELU))
        : call(layer.call(x));
  }

  /** Whether it runs as one op with the layer before it: nobody could see what is between them. */
  boolean isOneWith(Module layer) {
    return layer instanceof Activatable && !layer.hasForwardHooks() && !hasForwardHooks();
  }

  /** This of a sum, as at the end of a residual block: {@code call(a.add(b))} in one pass. */
  public Tensor callOfSum(Tensor a, Tensor b) {
    return hasForwardHooks() ? call(a.add(b)) : OF_SUM.apply(a, b);
  }

  @Override
  protected String extraRepr() {
    return inplace ? "inplace=True" : "";
  }
}
