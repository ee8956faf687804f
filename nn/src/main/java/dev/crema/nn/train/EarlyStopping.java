package dev.crema.nn.train;

/** Says when a validation loss has stopped falling. */
public final class EarlyStopping {
  private final int patience;
  private final double minDelta;
  private double best = Double.POSITIVE_INFINITY;
  private int epochsSinceBest;

  /** Stops after {@code patience} epochs in a row without a new lowest loss. */
  public EarlyStopping(int patience) {
    this(patience, 0);
  }

  /**
   * @param minDelta by how much a loss must be below the lowest so far to count
   */
  public EarlyStopping(int patience, double minDelta) {
    this.patience = patience;
    this.minDelta = minDelta;
  }

  /** Notes an epoch's validation loss and says whether to stop. */
  public boolean shouldStop(double validationLoss) {
    if (validationLoss < best - minDelta) {
      best = validationLoss;
      epochsSinceBest = 0;
    } else {
      epochsSinceBest++;
    }
    return epochsSinceBest >= patience;
  }

  /** Whether the last epoch noted was the best: the moment to save the model. */
  public boolean isBest() {
    return epochsSinceBest == 0;
  }

  /** The lowest loss so far. */
  public double best() {
    return best;
  }
}
