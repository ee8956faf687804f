package dev.crema.nn;

import dev.crema.tensor.Tensor;

/** How far a network's output is from what it should be: the scalar that training makes smaller. */
@FunctionalInterface
public interface Loss {

  /**
   * The loss of {@code input} against {@code target}: a scalar, unless the loss was made with
   * reduction NONE.
   */
  Tensor call(Tensor input, Tensor target);
}
