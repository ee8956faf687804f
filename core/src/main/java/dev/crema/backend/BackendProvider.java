package dev.crema.backend;

import dev.crema.tensor.Device;
import java.util.List;
import java.util.Optional;

/** How a backend is found: a service ({@link java.util.ServiceLoader}). */
public interface BackendProvider {

  /** The device type that it serves, e.g. {@code cpu}. */
  String type();

  /** Which of two providers for the same type is taken: the higher. */
  int rank();

  /** Why this backend cannot be used here, with the fix, or empty when it can. */
  Optional<String> unavailable();

  /**
   * Lines for people on what it stands on, such as drivers and libraries, also when unavailable.
   */
  default List<String> details() {
    return List.of();
  }

  /** The backend for this device; called once per device, and only when available. */
  Backend open(Device device);
}
