package dev.crema.bench.lab;

import dev.crema.cpu.Parallel;

/**
 * Three arrays larger than caches. Running through them, a = b + s·c as STREAM's triad does, tells
 * the memory's bandwidth, and leaves nothing else in the caches.
 */
final class Memory {
  private static final int LENGTH = 8 << 20;
  private static final int CHUNK = 1 << 18;

  private final double[] a = new double[LENGTH];
  private final double[] b = new double[LENGTH];
  private final double[] c = new double[LENGTH];

  /** Bytes that one run moves: two arrays read, one written. */
  static final double BYTES = 3.0 * LENGTH * Double.BYTES;

  void run() {
    Parallel.range(LENGTH, CHUNK, (from, to) -> triad(a, b, c, from, to));
  }

  private static void triad(double[] a, double[] b, double[] c, int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] = b[i] + 3.0 * c[i];
    }
  }
}
