package dev.crema.tensor;

import dev.crema.backend.Capture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A source of random numbers: a seed and how much of its {@link Philox} stream is used. The same
 * seed and the same calls give the same numbers on every backend and for any number of threads.
 * Thread safe, though threads that draw from one generator race for the order.
 */
public final class Generator {
  private static volatile Generator global = new Generator(0);

  private final long seed;
  private final AtomicLong next = new AtomicLong();

  private Generator(long seed) {
    this.seed = seed;
  }

  /** A generator at the start of this seed's stream. */
  public static Generator of(long seed) {
    return new Generator(seed);
  }

  /** The generator of every draw that names none. */
  public static Generator global() {
    return global;
  }

  /** Starts the global generator anew: from here on a program repeats itself bit for bit. */
  public static void manualSeed(long seed) {
    global = new Generator(seed);
  }

  public long seed() {
    return seed;
  }

  /** Takes {@code blocks} blocks of four words and says which is the first. */
  public long reserve(long blocks) {
    return next.getAndAdd(blocks);
  }

  /** A uniform integer below {@code bound}, without bias. */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("nextInt: expected a bound of at least 1, got " + bound);
    }
    refuseCapture("nextInt");
    int[] words = new int[4];
    long limit = (1L << 32) / bound * bound;
    while (true) {
      Philox.block(seed, reserve(1), words);
      for (int word : words) {
        long u = word & 0xFFFFFFFFL;
        if (u < limit) {
          return (int) (u % bound);
        }
      }
    }
  }

  /** A uniform number in [0, 1). */
  public double nextDouble() {
    refuseCapture("nextDouble");
    int[] words = new int[4];
    Philox.block(seed, reserve(1), words);
    return Philox.uniform(words[0], words[1]);
  }

  private static void refuseCapture(String op) {
    Capture.refuse(op, "draws a number on the host", "draw it before the step");
  }

  /** A random order of 0 .. n − 1 (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
