package dev.crema.tensor;

/** Shapes that do not fit the op or each other. */
public final class ShapeException extends TensorException {
  /** An error with this message, which names the op. */
  public ShapeException(String message) {
    super(message);
  }
}
