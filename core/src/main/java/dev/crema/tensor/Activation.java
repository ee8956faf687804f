package dev.crema.tensor;

/** What a product or a convolution does to each result on top, before it is first stored. */
public enum Activation {
  /** Nothing. */
  NONE,
  /** max(0, y). */
  RELU
}
