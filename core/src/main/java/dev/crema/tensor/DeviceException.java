package dev.crema.tensor;

/** A device that is not there, or tensors on different devices. */
public final class DeviceException extends TensorException {
  /** An error with this message, which names the op. */
  public DeviceException(String message) {
    super(message);
  }
}
