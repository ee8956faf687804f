package dev.crema.autograd;

import dev.crema.tensor.Tensor;
import java.util.function.Supplier;

/** Where a {@link Vjp} leaves the gradients for its op's inputs. */
public interface Gradients {

  /** Whether input {@code i} is differentiable at all. */
  boolean wants(int i);

  /** The gradient for input {@code i}, computed only where it is wanted. */
  default void of(int i, Supplier<Tensor> gradient) {
    if (wants(i)) {
      set(i, gradient.get());
    }
  }

  /** The gradient for input {@code i}, which is wanted. */
  void set(int i, Tensor gradient);
}
