package dev.crema.nn.optim;

import java.util.Locale;

/**
 * One cycle over all batches of a training (Smith and Topin, 2018), as PyTorch's: the learning rate
 * rises along half a cosine from maxLr / 25 to maxLr in the first 30 %, then falls to maxLr /
 * 250,000; momentum (of Adam, beta1) goes the other way, between 0.95 and 0.85. Call {@link #step}
 * after each batch.
 */
public final class OneCycleLR extends LRScheduler {
  private final double maxLr;
  private final int totalSteps;
  private double pctStart = 0.3;
  private double divFactor = 25;
  private double finalDivFactor = 1e4;
  private boolean cycleMomentum = true;
  private double baseMomentum = 0.85;
  private double maxMomentum = 0.95;

  /**
   * @param totalSteps epochs times batches
   */
  public OneCycleLR(Optimizer optimizer, double maxLr, int totalSteps) {
    super(optimizer);
    if (totalSteps < 2) {
      throw new IllegalArgumentException(
          "OneCycleLR: expected at least 2 steps in total, got " + totalSteps);
    }
    this.maxLr = maxLr;
    this.totalSteps = totalSteps;
    moveTo(0);
  }

  /** Which part of the steps the rise takes, from 0 to 1. */
  public OneCycleLR pctStart(double pctStart) {
    if (!(pctStart >= 0 && pctStart < 1)) {
      throw new IllegalArgumentException(
          "OneCycleLR: expected pctStart from 0 to below 1, got " + pctStart);
    }
    this.pctStart = pctStart;
    return restarted();
  }

  /** The first learning rate is maxLr / divFactor. */
  public OneCycleLR divFactor(double divFactor) {
    this.divFactor = divFactor;
    return restarted();
  }

  /** The last learning rate is the first / finalDivFactor. */
  public OneCycleLR finalDivFactor(double finalDivFactor) {
    this.finalDivFactor = finalDivFactor;
    return restarted();
  }

  /** Whether the momentum follows; without, it is left alone. */
  public OneCycleLR cycleMomentum(boolean cycleMomentum) {
    this.cycleMomentum = cycleMomentum;
    return restarted();
  }

  /** The momentum at the highest and at the lowest learning rate. */
  public OneCycleLR momentum(double base, double max) {
    this.baseMomentum = base;
    this.maxMomentum = max;
    return restarted();
  }

  private OneCycleLR restarted() {
    moveTo(0);
    return this;
  }

  @Override
  protected double momentum(double base, int step) {
    return cycleMomentum ? annealed(step, maxMomentum, baseMomentum, maxMomentum) : base;
  }

  @Override
  protected double lr(double base, int step) {
    double first = maxLr / divFactor;
    return annealed(step, first, maxLr, first / finalDivFactor);
  }

  /** The value at a step on the way from {@code first} over {@code top} to {@code last}. */
  private double annealed(int step, double first, double top, double last) {
    if (step > totalSteps) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "OneCycleLR: step %d of %d in total. Hint: totalSteps is epochs times batches",
              step,
              totalSteps));
    }
    double turn = pctStart * totalSteps - 1;
    return step < turn
        ? cosine(first, top, step / turn)
        : cosine(top, last, (step - turn) / (totalSteps - 1 - turn));
  }

  /** From start to end along half a cosine. */
  private static double cosine(double start, double end, double part) {
    return end + (start - end) / 2 * (1 + Math.cos(Math.PI * part));
  }
}
