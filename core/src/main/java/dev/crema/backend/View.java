package dev.crema.backend;

import dev.crema.tensor.DType;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;

/**
 * What a kernel sees of a tensor: a buffer and how the elements lie in it. Unless a method of
 * {@link Backend} says otherwise, its views are contiguous (at any offset).
 */
public record View(Buffer buffer, Layout layout) {

  public Shape shape() {
    return layout.shape();
  }

  public DType dtype() {
    return buffer.dtype();
  }

  /** Where the first element is, in elements. */
  public long offset() {
    return layout.offset();
  }

  public long numel() {
    return layout.shape().numel();
  }
}
