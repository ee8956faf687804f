package dev.crema.bench.lab;

/** A convolution problem that cannot be read; the message shows where. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param line the problem as it was written
   * @param position the index in that line of what is wrong
   */
  ProblemException(String fault, String line, int position) {
    super("%s\n  %s\n  %s^".formatted(fault, line, " ".repeat(position)));
  }

  /** A fault that has no place in a line. */
  ProblemException(String fault) {
    super(fault);
  }
}
