package dev.crema.tensor;

/**
 * A misuse of the graph: a second backward, an in-place change of a saved tensor, no graph at all.
 */
public final class AutogradException extends TensorException {
  /** An error with this message, which names the op. */
  public AutogradException(String message) {
    super(message);
  }
}
