package dev.crema.tensor;

/**
 * Whatever a tensor op refuses. The message names the op, what it expected, what it got, and a
 * hint.
 */
public abstract sealed class TensorException extends RuntimeException
    permits ShapeException,
        DTypeException,
        DeviceException,
        IndexException,
        UnsupportedOpException,
        OutOfMemoryException,
        ClosedException,
        AutogradException {

  TensorException(String message) {
    super(message);
  }
}
