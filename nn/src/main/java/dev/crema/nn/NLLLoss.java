package dev.crema.nn;

import dev.crema.op.CrossEntropy;
import dev.crema.tensor.CrossEntropyOptions;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.Tensor;

/**
 * The loss of classification, from logarithms of probabilities [n, classes, ..] and the right
 * classes [n, ..]: −input[target], by default averaged.
 */
public record NLLLoss(CrossEntropyOptions options) implements Loss {

  /** −100 ignored, mean. */
  public NLLLoss() {
    this(CrossEntropyOptions.DEFAULT);
  }

  /** Targets of this value count for nothing. */
  public NLLLoss ignoreIndex(long index) {
    return new NLLLoss(options.ignoreIndex(index));
  }

  /** How the samples' losses become one. */
  public NLLLoss reduction(Reduction reduction) {
    return new NLLLoss(options.reduction(reduction));
  }

  @Override
  public Tensor call(Tensor logProbabilities, Tensor target) {
    return CrossEntropy.nllLoss(logProbabilities, target, options);
  }
}
