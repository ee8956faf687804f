package dev.crema.nn.data;

/** Makes independent seeds out of a seed and what it is for. */
final class Seeds {
  private Seeds() {}

  /**
   * A seed for (a, b) under {@code seed}; SplitMix64's finaliser (Steele et al., 2014) per step.
   */
  static long mix(long seed, long a, long b) {
    return step(step(step(seed) + a) + b);
  }

  private static long step(long x) {
    x += 0x9E3779B97F4A7C15L;
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }
}
