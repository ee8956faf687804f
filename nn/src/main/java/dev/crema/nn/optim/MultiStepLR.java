package dev.crema.nn.optim;

import java.util.Arrays;

/** Multiplies the learning rate by gamma at each of some epochs. */
public final class MultiStepLR extends LRScheduler {
  private final int[] milestones;
  private final double gamma;

  /**
   * @param milestones the epochs, from 1
   */
  public MultiStepLR(Optimizer optimizer, double gamma, int... milestones) {
    super(optimizer);
    this.milestones = milestones.clone();
    this.gamma = gamma;
  }

  @Override
  protected double lr(double base, int epoch) {
    return base * Math.pow(gamma, Arrays.stream(milestones).filter(m -> m <= epoch).count());
  }
}
