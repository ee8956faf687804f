package dev.crema.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One parallel loop under way: threads claim chunk after chunk, and the caller waits for the last
 * to be done.
 */
final class ParallelJob {
  private final int n;
  private final int grain;
  private final int chunks;
  private final Parallel.Range body;
  private final AtomicInteger claimed = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private volatile @Nullable Thread waiter;
  private @Nullable Throwable failure;
  private int failedChunk;

  ParallelJob(int n, int grain, Parallel.Range body) {
    this.n = n;
    this.grain = grain;
    this.body = body;
    this.chunks = Math.ceilDiv(n, grain);
  }

  int chunks() {
    return chunks;
  }

  boolean hasChunks() {
    return claimed.get() < chunks;
  }

  /** Does chunks until none is left to claim. */
  void work() {
    int chunk;
    while (hasChunks() && (chunk = claimed.getAndIncrement()) < chunks) {
      int from = chunk * grain;
      try {
        body.run(from, from + Math.min(grain, n - from));
      } catch (Throwable t) {
        fail(chunk, t);
      }
      if (done.incrementAndGet() == chunks) {
        LockSupport.unpark(waiter);
      }
    }
  }

  /** Waits until every chunk is done. */
  void await(long spinNanos) {
    long start = System.nanoTime();
    while (done.get() < chunks) {
      if (System.nanoTime() - start < spinNanos) {
        Thread.onSpinWait();
      } else {
        waiter = Thread.currentThread();
        if (done.get() < chunks) {
          LockSupport.park(this);
        }
      }
    }
  }

  /** Throws what the first failing chunk, in order, threw. */
  synchronized void rethrow() {
    switch (failure) {
      case null -> {}
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      case Throwable t -> throw new IllegalStateException("a loop body cannot throw this", t);
    }
  }

  private synchronized void fail(int chunk, Throwable t) {
    if (failure == null || chunk < failedChunk) {
      failure = t;
      failedChunk = chunk;
    }
  }
}
