package dev.crema.tensor;

/** An element type that the op does not take. */
public final class DTypeException extends TensorException {
  /** An error with this message, which names the op. */
  public DTypeException(String message) {
    super(message);
  }
}
