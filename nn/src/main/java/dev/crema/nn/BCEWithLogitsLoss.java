package dev.crema.nn;

import dev.crema.autograd.Autocast;
import dev.crema.op.Fused;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.Tensor;

/**
 * Binary cross-entropy from scores x and targets y from 0 to 1: −y·ln σ(x) − (1 − y)·ln(1 − σ(x)),
 * without overflow.
 */
public record BCEWithLogitsLoss(Reduction reduction) implements Loss {
  private static final Fused LOSSES =
      Fused.of("binary_cross_entropy_with_logits", 2, t -> losses(t[0], t[1]));

  /** The mean over all elements. */
  public BCEWithLogitsLoss() {
    this(Reduction.MEAN);
  }

  @Override
  public Tensor call(Tensor input0, Tensor target0) {
    Tensor input = Autocast.wide(input0);
    Tensor target = Autocast.wide(target0);
    Elementwise.checkShapes("binary_cross_entropy_with_logits", input, target);
    return Elementwise.reduce(LOSSES.apply(input, target), reduction);
  }

  /** (1 − y)·x + ln(1 + e^−x), the logarithm shifted by m = max(−x, 0), a constant. */
  private static Tensor losses(Tensor input, Tensor target) {
    Tensor m = input.detach().neg().relu();
    Tensor softplus = m.neg().exp().add(input.add(m).neg().exp()).log().add(m);
    return input.sub(input.mul(target)).add(softplus);
  }
}
