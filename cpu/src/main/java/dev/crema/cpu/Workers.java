package dev.crema.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A set of daemon threads that help one caller at a time. Between jobs a worker spins for a moment,
 * since the next kernel of a small network comes within microseconds, then parks.
 */
final class Workers {
  /**
   * Longer than what one thread often does between two loops, such as packing a weight: a helper
   * that sleeps is there some 25 µs late, and now and then the operating system wakes it on its
   * waker's core, where it waits for milliseconds.
   */
  private static final long SPIN_NANOS = 300_000;

  private final int threads;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile @Nullable ParallelJob job;
  private volatile boolean closed;
  private volatile Worker @Nullable [] helpers;

  /**
   * @param threads how many compute, the caller among them
   */
  Workers(int threads) {
    this.threads = threads;
  }

  int threads() {
    return threads;
  }

  boolean isBusy() {
    return busy.get();
  }

  /**
   * Runs the loop here and on the helpers; false, and nothing has run, if there are none or another
   * caller has them.
   */
  boolean run(int n, int grain, Parallel.Range body) {
    if (threads == 1 || !busy.compareAndSet(false, true)) {
      return false;
    }
    ParallelJob now = new ParallelJob(n, grain, body);
    try {
      // Should a thread not start, nobody has seen the job: no helper writes after this has thrown.
      Worker[] all = helpers();
      job = now;
      wake(all, now.chunks() - 1);
      now.work();
      now.await(SPIN_NANOS);
    } finally {
      job = null;
      busy.set(false);
    }
    now.rethrow();
    return true;
  }

  /** Lets the helpers end. A loop under way still completes, on its caller's thread. */
  void close() {
    closed = true;
    Worker[] all = helpers;
    if (all != null) {
      for (Worker w : all) {
        LockSupport.unpark(w.thread);
      }
    }
  }

  private static void wake(Worker[] all, int wanted) {
    for (int i = 0; i < all.length && i < wanted; i++) {
      if (all[i].parked) {
        LockSupport.unpark(all[i].thread);
      }
    }
  }

  /** The helpers; started at the first call. */
  private Worker[] helpers() {
    Worker[] all = helpers;
    if (all != null) {
      return all;
    }
    all = new Worker[threads - 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Worker(i);
    }
    helpers = all;
    for (Worker w : all) {
      w.thread.start();
    }
    return all;
  }

  private final class Worker implements Runnable {
    final Thread thread;
    volatile boolean parked;

    Worker(int number) {
      thread =
          Thread.ofPlatform()
              .name("crema-cpu-" + (number + 1))
              .daemon()
              .inheritInheritableThreadLocals(false)
              .unstarted(this);
    }

    @Override
    public void run() {
      long idleSince = System.nanoTime();
      while (!closed) {
        if (help()) {
          idleSince = System.nanoTime();
        } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
          Thread.onSpinWait();
        } else {
          park();
          idleSince = System.nanoTime();
        }
      }
    }

    /**
     * Its own method, so that no local variable keeps a finished job, and through it arrays, alive.
     */
    private boolean help() {
      ParallelJob now = job;
      if (now == null || !now.hasChunks()) {
        return false;
      }
      now.work();
      return true;
    }

    /**
     * The flag goes up before the last look, as the caller publishes its job before it looks at the
     * flag: one sees the other.
     */
    private void park() {
      parked = true;
      ParallelJob now = job;
      if (!closed && (now == null || !now.hasChunks())) {
        LockSupport.park(Workers.this);
      }
      parked = false;
    }
  }
}
