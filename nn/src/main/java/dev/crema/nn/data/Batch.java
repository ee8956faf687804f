package dev.crema.nn.data;

import dev.crema.tensor.Tensor;

/**
 * Several samples at once, on the loader's device. The tensors belong to the batch, not to a scope:
 * closing it closes them.
 *
 * @param images f32 of shape [n, c, h, w]
 * @param labels i64 of shape [n]
 */
public record Batch(Tensor images, Tensor labels) implements AutoCloseable {
  /** The number of samples. */
  public int size() {
    return (int) labels.size(0);
  }

  /** Closes both tensors. */
  @Override
  public void close() {
    images.close();
    labels.close();
  }
}
