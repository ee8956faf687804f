package dev.crema.nn;

import dev.crema.tensor.CrossEntropyOptions;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.Tensor;

/**
 * The loss of classification, from unnormalised scores [n, classes, ..] and the right classes [n,
 * ..]: −ln softmax(scores)[target], by default averaged. Options follow the constructor: {@code new
 * CrossEntropyLoss().labelSmoothing(0.1)}.
 */
public record CrossEntropyLoss(CrossEntropyOptions options) implements Loss {

  /** No smoothing, −100 ignored, mean. */
  public CrossEntropyLoss() {
    this(CrossEntropyOptions.DEFAULT);
  }

  /** Spreads this much of each target's weight evenly over all classes. */
  public CrossEntropyLoss labelSmoothing(double epsilon) {
    return new CrossEntropyLoss(options.labelSmoothing(epsilon));
  }

  /** Targets of this value count for nothing. */
  public CrossEntropyLoss ignoreIndex(long index) {
    return new CrossEntropyLoss(options.ignoreIndex(index));
  }

  /** How the samples' losses become one. */
  public CrossEntropyLoss reduction(Reduction reduction) {
    return new CrossEntropyLoss(options.reduction(reduction));
  }

  @Override
  public Tensor call(Tensor scores, Tensor target) {
    return scores.crossEntropy(target, options);
  }
}
