package dev.crema.nn;

import dev.crema.tensor.Padding;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.Locale;

/**
 * Divides each element by its neighbours' size across channels, as in AlexNet of 2012: y = x / (k +
 * alpha/size · Σ x²)^beta, summed over {@code size} adjacent channels. (The paper's α is alpha/size
 * here, as in PyTorch.)
 */
public final class LocalResponseNorm extends Module {
  private final int size;
  private final double alpha;
  private final double beta;
  private final double k;

  /** Alpha 1e-4, beta 0.75, k 1. */
  public LocalResponseNorm(int size) {
    this(size, 1e-4, 0.75, 1);
  }

  /**
   * @param size how many adjacent channels
   * @param alpha by how much the mean square counts
   * @param beta the exponent
   * @param k what keeps the divisor from zero
   */
  public LocalResponseNorm(int size, double alpha, double beta, double k) {
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  /** Channels become rows and pixels columns, so that an average over rows is one over channels. */
  @Override
  protected Tensor forward(Tensor x) {
    Shape shape = x.shape();
    Tensor squares = x.square().reshape(shape.size(0), 1, shape.size(1), -1);
    Padding.Explicit border = new Padding.Explicit(size / 2, (size - 1) / 2, 0, 0);
    Tensor means = squares.pad(border, 0).avgPool2d(Pool2dOptions.kernel(size, 1).stride(1));
    return x.div(means.reshape(shape).mul(alpha).add(k).pow(beta));
  }

  @Override
  protected String extraRepr() {
    return String.format(
        Locale.ROOT,
        "%d, alpha=%s, beta=%s, k=%s",
        size,
        ModulePrinter.python(alpha),
        ModulePrinter.python(beta),
        ModulePrinter.python(k));
  }
}
