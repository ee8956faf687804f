package dev.crema.cpu;

/**
 * Loops over all CPU cores whose results do not depend on how many there are: a range is cut by its
 * own size and grain alone, the body runs on the same chunks whether on one thread or on many, and
 * the chunks write to different places.
 *
 * <p>One caller at a time has the worker threads. A loop inside a loop, or on a second user thread
 * meanwhile, runs on its own thread: no deadlock, no more threads than asked for, same results.
 */
public final class Parallel {
  /**
   * Elements of simple work (a load, an operation, a store) that are worth handing to another
   * thread: about 10 µs.
   */
  private static final int CHUNK = 16 * 1024;

  private static volatile Workers workers = new Workers(Runtime.getRuntime().availableProcessors());

  private Parallel() {}

  /** The body of a parallel loop. */
  @FunctionalInterface
  public interface Range {
    /** Does items {@code from} (inclusive) to {@code to} (exclusive). */
    void run(int from, int to);
  }

  /** How many threads compute, the caller's among them. */
  public static int numThreads() {
    return workers.threads();
  }

  /**
   * Sets how many threads compute, from 1; at the start, one per processor. Results do not depend
   * on it.
   */
  public static synchronized void setNumThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("setNumThreads: expected at least 1, got " + threads);
    }
    Workers before = workers;
    if (threads != before.threads()) {
      workers = new Workers(threads);
      before.close();
    }
  }

  /** The threads that a loop started here and now would get: 1 inside another loop. */
  public static int idleThreads() {
    Workers w = workers;
    return w.isBusy() ? 1 : w.threads();
  }

  /** How many items, of so many elements of simple work each, make a chunk worth a thread. */
  public static int grain(long workPerItem) {
    return (int) Math.max(1, CHUNK / Math.max(1, workPerItem));
  }

  /**
   * Runs the body over 0 .. n − 1 in chunks of {@code grain} items (the last may be shorter), and
   * returns when all are done. Each chunk is one call, whatever the number of threads. If chunks
   * fail, the failure of the first in order is thrown; those after it may have run or not.
   */
  public static void range(int n, int grain, Range body) {
    if (n > grain && workers.run(n, grain, body)) {
      return;
    }
    for (int from = 0; from < n; from += grain) {
      int to = from + Math.min(grain, n - from);
      body.run(from, to);
      if (to == n) {
        return;
      }
    }
  }
}
