package dev.crema.nn;

import dev.crema.autograd.Autocast;
import dev.crema.op.Fused;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.Tensor;

/** (input − target)². */
public record MSELoss(Reduction reduction) implements Loss {
  private static final Fused LOSSES = Fused.of("mse_loss", 2, t -> t[0].sub(t[1]).square());

  /** The mean over all elements. */
  public MSELoss() {
    this(Reduction.MEAN);
  }

  @Override
  public Tensor call(Tensor input0, Tensor target0) {
    Tensor input = Autocast.wide(input0);
    Tensor target = Autocast.wide(target0);
    Elementwise.checkShapes("mse_loss", input, target);
    return Elementwise.reduce(LOSSES.apply(input, target), reduction);
  }
}
