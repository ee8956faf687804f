package dev.crema.nn.optim;

/** Multiplies the learning rate by gamma every {@code stepSize} epochs. */
public final class StepLR extends LRScheduler {
  private final int stepSize;
  private final double gamma;

  /** Gamma 0.1. */
  public StepLR(Optimizer optimizer, int stepSize) {
    this(optimizer, stepSize, 0.1);
  }

  /**
   * @param gamma the factor
   */
  public StepLR(Optimizer optimizer, int stepSize, double gamma) {
    super(optimizer);
    if (stepSize < 1) {
      throw new IllegalArgumentException("StepLR: expected a step size from 1, got " + stepSize);
    }
    this.stepSize = stepSize;
    this.gamma = gamma;
  }

  @Override
  protected double lr(double base, int epoch) {
    int drops = epoch / stepSize;
    return base * Math.pow(gamma, drops);
  }
}
