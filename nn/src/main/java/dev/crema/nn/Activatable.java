package dev.crema.nn;

import dev.crema.tensor.Activation;
import dev.crema.tensor.Tensor;

/** A layer that can do an activation in one op with its own, bit for bit as one after the other. */
interface Activatable {

  /** As {@link Module#forward}, with the activation on top. */
  Tensor forward(Tensor x, Activation activation);
}
