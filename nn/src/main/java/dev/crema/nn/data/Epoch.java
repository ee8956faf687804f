package dev.crema.nn.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a {@link DataLoader}'s data, for one thread. It is over after its last batch, and
 * can be closed before; either way its worker threads end. An epoch that is dropped half-way
 * without being closed costs nothing but memory until it is collected: its workers have nothing to
 * do and end by themselves.
 *
 * <p>Each call of {@link #next} orders one more batch from the workers, so that a fixed number is
 * under way; it waits for the oldest, which keeps the order whatever the workers do.
 */
public final class Epoch implements Iterator<Batch>, Iterable<Batch>, AutoCloseable {
  private static final long IDLE_SECONDS = 1;
  private static final System.Logger LOG = System.getLogger(Epoch.class.getName());

  private final DataLoader loader;
  private final int number;
  private final int[] order;
  private final int batches;
  private final @Nullable ThreadPoolExecutor workers;
  private final Queue<Future<@Nullable Prepared>> underWay = new ConcurrentLinkedQueue<>();
  private final Queue<Prepared.Raw> spare = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;
  private int ordered;
  private int delivered;

  Epoch(DataLoader loader, int number, int[] order) {
    this.loader = loader;
    this.number = number;
    this.order = order;
    this.batches = loader.batches();
    int threads = loader.options().workers();
    this.workers = threads == 0 ? null : startWorkers(threads);
    for (int i = 0; workers != null && i < threads * loader.options().prefetch(); i++) {
      orderNext();
    }
  }

  private static ThreadPoolExecutor startWorkers(int threads) {
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("crema-loader-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** The number of this epoch, from 0. */
  public int number() {
    return number;
  }

  /** This epoch itself, for use in a for loop. */
  @Override
  public Iterator<Batch> iterator() {
    return this;
  }

  @Override
  public boolean hasNext() {
    return !closed && delivered < batches;
  }

  /**
   * The next batch, which the caller closes.
   *
   * @throws dev.crema.nn.io.DataException or whatever else stopped the batch from being made; the
   *     epoch is then closed
   */
  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          closed ? "data loader: the epoch is closed" : "data loader: the epoch is over");
    }
    boolean done = false;
    try {
      orderNext();
      Batch batch = oldest().arrive();
      delivered++;
      done = delivered < batches;
      return batch;
    } finally {
      if (!done && !closed) {
        close();
      }
    }
  }

  private void orderNext() {
    if (ordered == batches) {
      return;
    }
    int from = ordered++ * loader.options().batchSize();
    int n = Math.min(loader.options().batchSize(), order.length - from);
    var task = new FutureTask<>(() -> prepare(from, n));
    underWay.add(task);
    if (workers == null) {
      task.run();
    } else {
      try {
        workers.execute(task);
      } catch (RejectedExecutionException e) {
        throw closedElsewhere(e);
      }
    }
  }

  private @Nullable Prepared prepare(int from, int n) {
    Prepared.Raw raw = spare.poll();
    if (raw == null || raw.labels().length != n) {
      raw = loader.raw(n);
    }
    if (!loader.fill(raw, number, order, from, () -> closed)) {
      return null;
    }
    return loader.send(raw, spare::add);
  }

  /** Waits for the oldest batch that is under way. */
  private Prepared oldest() {
    Future<@Nullable Prepared> next = underWay.poll();
    try {
      Prepared batch = next == null ? null : next.get();
      if (batch == null) {
        throw closedElsewhere(null);
      }
      return batch;
    } catch (CancellationException e) {
      throw closedElsewhere(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      underWay.add(next); // for close
      throw new IllegalStateException("data loader: interrupted while waiting for a batch", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private static IllegalStateException closedElsewhere(@Nullable Exception cause) {
    return new IllegalStateException("data loader: the epoch was closed by another thread", cause);
  }

  /**
   * Ends the epoch and its threads. Workers are asked, not interrupted: an interrupt would close a
   * zip file under the data set's feet. Batches that no worker has begun are cancelled, which wakes
   * who waits for one.
   */
  @Override
  public void close() {
    closed = true;
    if (workers != null) {
      workers.shutdown();
      List<Runnable> waiting = new ArrayList<>();
      workers.getQueue().drainTo(waiting);
      waiting.forEach(task -> ((Future<?>) task).cancel(false));
      try {
        if (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
          LOG.log(
              System.Logger.Level.WARNING,
              "data loader: a worker is still reading a sample, a minute after the epoch was"
                  + " closed; it ends when the read does");
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    spare.clear();
    for (var batch = underWay.poll(); batch != null; batch = underWay.poll()) {
      Prepared unwanted = batch.state() == Future.State.SUCCESS ? batch.resultNow() : null;
      if (unwanted != null) {
        unwanted.close();
      }
    }
  }
}
