package dev.crema.nn;

import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.Tensor;

/**
 * d² / (2·beta) for differences d = |input − target| up to beta, and d − ½·beta beyond (Girshick,
 * 2015): Huber's loss over beta.
 */
public record SmoothL1Loss(double beta, Reduction reduction) implements Loss {

  /** Beta 1, the mean over all elements. */
  public SmoothL1Loss() {
    this(1, Reduction.MEAN);
  }

  /** The mean over all elements. */
  public SmoothL1Loss(double beta) {
    this(beta, Reduction.MEAN);
  }

  /**
   * @param beta where the square ends
   */
  public SmoothL1Loss {
    if (!(beta > 0)) {
      throw new IllegalArgumentException(
          "SmoothL1Loss: expected beta above 0, got %s. Hint: 0 is L1Loss".formatted(beta));
    }
  }

  @Override
  public Tensor call(Tensor input, Tensor target) {
    return new HuberLoss(beta, reduction).call(input, target).div(beta);
  }
}
