package dev.crema.tensor;

/** An index outside its dimension. */
public final class IndexException extends TensorException {
  /** An error with this message, which names the op. */
  public IndexException(String message) {
    super(message);
  }
}
