package dev.crema.nn.optim;

/** Multiplies the learning rate by gamma every epoch. */
public final class ExponentialLR extends LRScheduler {
  private final double gamma;

  /**
   * @param gamma the factor per epoch
   */
  public ExponentialLR(Optimizer optimizer, double gamma) {
    super(optimizer);
    this.gamma = gamma;
  }

  @Override
  protected double lr(double base, int epoch) {
    return base * Math.pow(gamma, epoch);
  }
}
