package dev.crema.nn;

import dev.crema.tensor.Activation;
import dev.crema.tensor.Tensor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * y = x·Wᵀ + b, from [.., in] to [.., out]. Weight [out, in] and bias [out] start in U(−√k, √k)
 * with k = 1 / in.
 */
public final class Linear extends Module implements Activatable {
  private final int in;
  private final int out;
  private boolean bias = true;

  /** With bias. */
  public Linear(int inFeatures, int outFeatures) {
    this.in = inFeatures;
    this.out = outFeatures;
  }

  /** Whether there is a bias. */
  public Linear bias(boolean bias) {
    checkConfigurable("bias");
    this.bias = bias;
    return this;
  }

  @Override
  protected void build() {
    double bound = 1 / Math.sqrt(in);
    parameter("weight", uniform(bound, out, in));
    if (bias) {
      parameter("bias", uniform(bound, out));
    }
  }

  /** [out, in]. */
  public Tensor weight() {
    return getParameter("weight");
  }

  /** [out], or null without bias. */
  public @Nullable Tensor bias() {
    return findParameter("bias");
  }

  /** The size of the last dimension that it takes. */
  public int inFeatures() {
    return in;
  }

  /** The size of the last dimension that it makes. */
  public int outFeatures() {
    return out;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.linear(weight(), bias());
  }

  @Override
  public Tensor forward(Tensor x, Activation activation) {
    return x.linear(weight(), bias(), activation);
  }

  @Override
  protected long multiplyAdds(Tensor input, Tensor output) {
    return output.numel() * in;
  }

  @Override
  protected String extraRepr() {
    return String.format(
        Locale.ROOT,
        "in_features=%d, out_features=%d, bias=%s",
        in,
        out,
        ModulePrinter.python(bias));
  }
}
