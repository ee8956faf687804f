package dev.crema.tensor;

/** An op that this backend does not have. Nothing falls back to another backend silently. */
public final class UnsupportedOpException extends TensorException {
  /** An error with this message, which names the op. */
  public UnsupportedOpException(String message) {
    super(message);
  }
}
