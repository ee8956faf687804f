package dev.crema.nn;

import dev.crema.autograd.Autocast;
import dev.crema.op.Fused;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.Tensor;

/**
 * Binary cross-entropy from probabilities p and targets y from 0 to 1: −y·ln p − (1 − y)·ln(1 − p),
 * each logarithm at least −100, as in PyTorch. From scores, {@link BCEWithLogitsLoss} is exacter.
 */
public record BCELoss(Reduction reduction) implements Loss {
  private static final Fused LOSSES = Fused.of("binary_cross_entropy", 2, t -> losses(t[0], t[1]));

  /** The mean over all elements. */
  public BCELoss() {
    this(Reduction.MEAN);
  }

  @Override
  public Tensor call(Tensor input0, Tensor target0) {
    Tensor input = Autocast.wide(input0);
    Tensor target = Autocast.wide(target0);
    Elementwise.checkShapes("binary_cross_entropy", input, target);
    return Elementwise.reduce(LOSSES.apply(input, target), reduction);
  }

  private static Tensor losses(Tensor input, Tensor target) {
    Tensor hit = target.mul(log(input));
    Tensor miss = target.neg().add(1).mul(log(input.neg().add(1)));
    return hit.add(miss).neg();
  }

  /** ln p, at least −100; where p is 0 the gradient is 0, not 0 / 0. */
  private static Tensor log(Tensor p) {
    Tensor positive = p.gt(0);
    Tensor safe = Tensor.where(positive, p, Tensor.onesLike(p));
    Tensor floor = Tensor.full(p.shape(), -100, p.dtype(), p.device());
    return Tensor.where(positive, safe.log().clampMin(-100), floor);
  }
}
