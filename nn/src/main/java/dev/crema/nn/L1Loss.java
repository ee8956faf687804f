package dev.crema.nn;

import dev.crema.autograd.Autocast;
import dev.crema.op.Fused;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.Tensor;

/** |input − target|. */
public record L1Loss(Reduction reduction) implements Loss {
  private static final Fused LOSSES = Fused.of("l1_loss", 2, t -> t[0].sub(t[1]).abs());

  /** The mean over all elements. */
  public L1Loss() {
    this(Reduction.MEAN);
  }

  @Override
  public Tensor call(Tensor input0, Tensor target0) {
    Tensor input = Autocast.wide(input0);
    Tensor target = Autocast.wide(target0);
    Elementwise.checkShapes("l1_loss", input, target);
    return Elementwise.reduce(LOSSES.apply(input, target), reduction);
  }
}
