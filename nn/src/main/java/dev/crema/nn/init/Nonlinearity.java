package dev.crema.nn.init;

/**
 * What follows a layer, and so how much its weights must spread for the signal to keep its size.
 */
public enum Nonlinearity {
  /** None: also for convolutions and linear layers themselves. */
  LINEAR,
  SIGMOID,
  TANH,
  RELU,
  LEAKY_RELU
}
