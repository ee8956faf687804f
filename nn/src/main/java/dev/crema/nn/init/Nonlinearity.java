package dev.crema.nn.init;

/**
 * What follows a layer, and so how much its weights must spread for the signal to keep its size.
 */
public enum Nonlinearity {
  /** None: also for convolutions and linear layers themselves. */
  LINEAR,
  /** 1 / (1 + e^−x). */
  SIGMOID,
  /** The hyperbolic tangent. */
  TANH,
  /** max(x, 0). */
  RELU,
  /** x where x > 0, else slope·x. */
  LEAKY_RELU
}
