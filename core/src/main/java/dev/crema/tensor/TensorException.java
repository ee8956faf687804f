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

  private final String fault;
  private String place = "";

  TensorException(String message) {
    super(message);
    this.fault = message;
  }

  /**
   * Puts the module that was running in front of the message. Each enclosing module calls this as
   * the error passes it: the innermost adds its name and type, the others a step of the path, as in
   * {@code features.3 (Conv2d): conv2d: …}.
   *
   * @param name the module's name within the one that holds it; empty for the outermost
   * @param type what kind of module it is
   */
  public final void passing(String name, String type) {
    if (place.isEmpty()) {
      place = name.isEmpty() ? type : name + " (" + type + ")";
    } else if (!name.isEmpty()) {
      place = name + "." + place;
    }
  }

  @Override
  public String getMessage() {
    return place.isEmpty() ? fault : place + ": " + fault;
  }
}
