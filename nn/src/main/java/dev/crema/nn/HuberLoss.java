package dev.crema.nn;

import dev.crema.autograd.Autocast;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.Tensor;

/**
 * ½·d² for differences d = |input − target| up to delta, and delta·(d − ½·delta) beyond (Huber,
 * 1964).
 */
public record HuberLoss(double delta, Reduction reduction) implements Loss {

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
    Tensor d = input.sub(target).abs();
    Tensor inside = d.clampMax(delta);
    // ½·min(d, δ)² + δ·max(d − δ, 0): both branches at once, and smooth where they meet.
    Tensor losses = inside.square().mul(0.5).add(d.sub(delta).relu().mul(delta));
    return Elementwise.reduce(losses, reduction);
  }
}
