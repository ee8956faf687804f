package dev.crema.cuda.kernel;

/**
 * How a block's threads lie over lines, as in {@code crema.cuh}: {@code lanes} of them, a power of
 * two, share a line; they are neighbours (stride 1), or neighbours are on neighbouring lines.
 */
record Lanes(int lanes, int stride) {
  private static final int MAX_ACROSS = 8;

  /** For lines of {@code size} elements that are dense in memory. */
  static Lanes along(int size) {
    return new Lanes(power(Math.ceilDiv(size, 4), Grid.THREADS), 1);
  }

  /** For lines that interleave, so that a warp reads 32 of them at once. */
  static Lanes across(int size) {
    int lanes = power(Math.ceilDiv(size, 16), MAX_ACROSS);
    return new Lanes(lanes, Grid.THREADS / lanes);
  }

  /** The smallest power of two that is not below n, or the limit. */
  private static int power(int n, int limit) {
    return n >= limit ? limit : n <= 1 ? 1 : Integer.highestOneBit(n - 1) * 2;
  }

  /** The blocks that so many lines take. */
  long blocks(int lines) {
    return Math.ceilDiv(lines, Grid.THREADS / lanes);
  }

  int[] ints() {
    return new int[] {lanes, stride};
  }
}
