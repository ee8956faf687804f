package dev.crema.nn;

import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;

/** What the losses share that compare element by element. */
final class Elementwise {
  private Elementwise() {}

  static void checkShapes(String op, Tensor input, Tensor target) {
    if (!input.shape().equals(target.shape())) {
      throw new ShapeException(
          "%s: expected input and target of one shape, got input %s and target %s"
              .formatted(op, input.shape(), target.shape()));
    }
  }

  static Tensor reduce(Tensor losses, Reduction reduction) {
    return switch (reduction) {
      case NONE -> losses;
      case SUM -> losses.sum();
      case MEAN -> losses.mean();
    };
  }
}
