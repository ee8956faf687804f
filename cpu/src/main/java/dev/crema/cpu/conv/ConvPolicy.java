package dev.crema.cpu.conv;

/**
 * Who chooses the algorithm of a convolution. System property {@code crema.cpu.conv} sets it from
 * outside: {@code auto} (the default), {@code tune}, or an algorithm's name, which is preferred.
 */
public sealed interface ConvPolicy {
  /** By the cost model in {@link Selection}: by shape alone, so the same bits in every run. */
  ConvPolicy AUTO = new Auto();

  /**
   * By measuring every algorithm at a problem's first call. Which wins can differ from run to run,
   * and bits with it.
   */
  ConvPolicy TUNE = new Tune();

  /** This algorithm and no other: a convolution that it declines fails. */
  static ConvPolicy pin(String algorithm) {
    return new Pinned(Algorithms.named(algorithm), true);
  }

  /** This algorithm, and {@link #AUTO}'s choice where it declines. */
  static ConvPolicy prefer(String algorithm) {
    return new Pinned(Algorithms.named(algorithm), false);
  }

  /** See {@link #AUTO}. */
  record Auto() implements ConvPolicy {}

  /** See {@link #TUNE}. */
  record Tune() implements ConvPolicy {}

  /**
   * See {@link #pin} and {@link #prefer}.
   *
   * @param strict whether a declined convolution fails
   */
  record Pinned(ConvAlgorithm algorithm, boolean strict) implements ConvPolicy {}
}
