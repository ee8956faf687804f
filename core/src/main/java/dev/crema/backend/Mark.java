package dev.crema.backend;

/** A point in the work of a device, for those who measure; see {@link Backend#mark}. */
public interface Mark extends AutoCloseable {
  /**
   * When the device came to it, in nanoseconds since some moment that all marks of a backend share;
   * waits for that.
   */
  long nanos();

  @Override
  default void close() {}
}
