package dev.crema.nn.data;

import dev.crema.tensor.Tensor;

/**
 * One image and its class.
 *
 * @param image f32 of shape [c, h, w], in [0, 1]
 * @param label from 0
 */
public record Sample(Tensor image, int label) implements AutoCloseable {
  /** Closes the image. */
  @Override
  public void close() {
    image.close();
  }
}
