package dev.crema.backend;

/**
 * Distributions, with parameters a and b. How the bits become numbers is written at {@link
 * dev.crema.tensor.Philox}.
 */
public enum RandomOp {
  /** Uniform in [a, b). */
  UNIFORM,
  /** Normal with mean a and standard deviation b. */
  NORMAL,
  /** b with probability a, else 0. */
  BERNOULLI
}
