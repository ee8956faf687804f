package dev.crema.autograd;

import dev.crema.tensor.Tensor;

/**
 * The gradient of one op: a vector-Jacobian product. Written as a record under its forward, whose
 * components are exactly what stays alive for it, and written with ops, so that gradients of
 * gradients need nothing more.
 */
public interface Vjp {

  /**
   * From the gradient for the op's output to those for its inputs.
   *
   * @param gy the gradient for the output, of its shape
   * @param g takes the gradient for each input, in the order they were recorded; shapes may still
   *     be broadcast ones
   */
  void apply(Tensor gy, Gradients g);
}
