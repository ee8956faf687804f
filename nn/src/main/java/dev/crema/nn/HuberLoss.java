package dev.crema.nn;

import dev.crema.autograd.Autocast;
import dev.crema.op.Fused;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.Tensor;
import java.util.function.Function;

/**
 * ½·d² for differences d = |input − target| up to delta, and delta·(d − ½·delta) beyond (Huber,
 * 1964).
 */
public record HuberLoss(double delta, Reduction reduction) implements Loss {
  private static final Function<Double, Fused> LOSSES =
      Fused.per(delta -> Fused.of("huber_loss", 2, t -> losses(delta, t[0].sub(t[1]).abs())));

  /** Delta 1, the mean over all elements. */
  public HuberLoss() {
    this(1, Reduction.MEAN);
  }

  /** The mean over all elements. */
  public HuberLoss(double delta) {
    this(delta, Reduction.MEAN);
  }

  /**
   * @param delta where the square ends
   */
  public HuberLoss {
    if (!(delta > 0)) {
      throw new IllegalArgumentException("HuberLoss: expected delta above 0, got " + delta);
    }
  }

  @Override
  public Tensor call(Tensor input0, Tensor target0) {
    Tensor input = Autocast.wide(input0);
    Tensor target = Autocast.wide(target0);
    Elementwise.checkShapes("huber_loss", input, target);
    return Elementwise.reduce(LOSSES.apply(delta).apply(input, target), reduction);
  }

  /** ½·min(d, δ)² + δ·max(d − δ, 0): both branches at once, and smooth where they meet. */
  private static Tensor losses(double delta, Tensor d) {
    return d.clampMax(delta).square().mul(0.5).add(d.sub(delta).relu().mul(delta));
  }
}
