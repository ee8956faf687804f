package dev.crema.nn.optim;

/**
 * Lets the learning rate fall along half a cosine, from its base to {@code etaMin} at epoch {@code
 * tMax} (Loshchilov and Hutter, 2017, without restarts): etaMin + ½·(base − etaMin)·(1 +
 * cos(π·epoch / tMax)).
 */
public final class CosineAnnealingLR extends LRScheduler {
  private final int tMax;
  private final double etaMin;

  /** Down to 0. */
  public CosineAnnealingLR(Optimizer optimizer, int tMax) {
    this(optimizer, tMax, 0);
  }

  /** Down to {@code etaMin} at epoch {@code tMax}. */
  public CosineAnnealingLR(Optimizer optimizer, int tMax, double etaMin) {
    super(optimizer);
    if (tMax < 1) {
      throw new IllegalArgumentException("CosineAnnealingLR: expected tMax from 1, got " + tMax);
    }
    this.tMax = tMax;
    this.etaMin = etaMin;
  }

  @Override
  protected double lr(double base, int epoch) {
    return etaMin + (base - etaMin) * (1 + Math.cos(Math.PI * epoch / tMax)) / 2;
  }
}
