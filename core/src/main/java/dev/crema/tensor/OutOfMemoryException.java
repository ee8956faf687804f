package dev.crema.tensor;

/** More memory than the device has, with what was asked for and what is in use. */
public final class OutOfMemoryException extends TensorException {
  /** An error with this message, which names the op. */
  public OutOfMemoryException(String message) {
    super(message);
  }
}
