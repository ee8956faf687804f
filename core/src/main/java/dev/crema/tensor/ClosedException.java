package dev.crema.tensor;

/** Use of a tensor after it was closed, by hand or by its scope. */
public final class ClosedException extends TensorException {
  /** An error with this message, which names the op. */
  public ClosedException(String message) {
    super(message);
  }
}
