package dev.crema.autograd;

/**
 * While one is open, ops of this thread record no graph: {@code try (var _ = NoGrad.open()) { … }}.
 * For evaluation and for updating parameters.
 */
public final class NoGrad implements AutoCloseable {
  private final boolean before = GradMode.set(false);

  private NoGrad() {}

  public static NoGrad open() {
    return new NoGrad();
  }

  @Override
  public void close() {
    GradMode.set(before);
  }
}
