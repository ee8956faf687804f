package dev.crema.examples.cli;

/** A request that cannot be met. The message is all that its user needs to see. */
final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UserError(String message) {
    super(message);
  }
}
