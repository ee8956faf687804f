package dev.crema.nn;

/** A checkpoint that does not fit the module; the message lists every key that differs. */
public final class StateDictException extends RuntimeException {
  /** An error with this message. */
  public StateDictException(String message) {
    super(message);
  }
}
