package dev.crema.tensor;

/**
 * The options of cross-entropy, with PyTorch's defaults.
 *
 * @param labelSmoothing how much of the target's weight is spread over all classes, from 0 to 1
 * @param ignoreIndex targets of this value count for nothing
 * @param reduction how the samples' losses become one
 */
public record CrossEntropyOptions(double labelSmoothing, long ignoreIndex, Reduction reduction) {

  /** How the samples' losses become one. */
  public enum Reduction {
    /** They do not. */
    NONE,
    /** Their sum over the number of samples that are not ignored. */
    MEAN,
    SUM
  }

  /** No smoothing, −100 ignored, mean. */
  public static final CrossEntropyOptions DEFAULT =
      new CrossEntropyOptions(0, -100, Reduction.MEAN);

  public CrossEntropyOptions {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          "cross_entropy: expected label smoothing from 0 to 1, got " + labelSmoothing);
    }
  }

  public CrossEntropyOptions labelSmoothing(double labelSmoothing) {
    return new CrossEntropyOptions(labelSmoothing, ignoreIndex, reduction);
  }

  public CrossEntropyOptions ignoreIndex(long ignoreIndex) {
    return new CrossEntropyOptions(labelSmoothing, ignoreIndex, reduction);
  }

  public CrossEntropyOptions reduction(Reduction reduction) {
    return new CrossEntropyOptions(labelSmoothing, ignoreIndex, reduction);
  }
}
