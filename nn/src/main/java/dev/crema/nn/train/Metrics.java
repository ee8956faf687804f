package dev.crema.nn.train;

import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Loss and accuracy of a classifier over the samples seen so far. A {@link Trainer} leaves what its
 * last batches came to on the device until somebody asks: to read a number waits for all that the
 * device has to do, and then it has nothing to do.
 */
public final class Metrics {
  /** Batches whose numbers are left on the device, at most. */
  private static final int MOST_UNREAD = 16;

  /** A batch's mean loss, how many of its samples are right, and how many there are. */
  private record Unread(Tensor loss, Tensor right, long n) {}

  private final Deque<Unread> unread = new ArrayDeque<>();
  private final long start = System.nanoTime();
  private long nanos;
  private double lossSum;
  private long correct;
  private long count;

  /** Nothing seen yet; the clock starts. */
  public Metrics() {}

  /**
   * Adds a batch, and reads its numbers.
   *
   * @param loss its mean loss
   * @param scores [n, classes], one score per class
   * @param labels [n], the right classes
   */
  public void add(Tensor loss, Tensor scores, Tensor labels) {
    add(loss, correct(scores, labels), labels.numel());
    read();
  }

  /** How many of a batch are right, one number. */
  static Tensor correct(Tensor scores, Tensor labels) {
    return scores.argmax(1).eq(labels).sum();
  }

  /** Adds a batch of n samples, whose numbers are read later. */
  void add(Tensor loss, Tensor right, long n) {
    unread.add(new Unread(kept(loss), kept(right), n));
    count += n;
    if (unread.size() == MOST_UNREAD) {
      read();
    }
  }

  /** A captured step takes its results back. */
  private static Tensor kept(Tensor t) {
    return Scope.escape(t.detach().copy());
  }

  /** Reads what is still on the device. */
  void read() {
    while (!unread.isEmpty()) {
      Unread batch = unread.element();
      lossSum += batch.loss.item() * batch.n;
      correct += (long) batch.right.item();
      forget(unread.remove());
      nanos = System.nanoTime() - start;
    }
  }

  /** Drops what was not read. */
  void forget() {
    unread.forEach(Metrics::forget);
    unread.clear();
  }

  private static void forget(Unread batch) {
    batch.loss.close();
    batch.right.close();
  }

  /** The mean loss per sample. */
  public double loss() {
    read();
    return lossSum / count;
  }

  /** The part of the samples whose highest score is the right class's, from 0 to 1. */
  public double accuracy() {
    read();
    return (double) correct / count;
  }

  /** Samples classified correctly. */
  public long correct() {
    read();
    return correct;
  }

  /** Samples seen. */
  public long count() {
    return count;
  }

  /** From the start to when the last batch was read. */
  public double seconds() {
    read();
    return nanos / 1e9;
  }

  /** Samples seen over {@link #seconds}. */
  public double samplesPerSecond() {
    return count / seconds();
  }

  /** {@code loss 0.0934, accuracy 97.28% (9728/10000)}. */
  @Override
  public String toString() {
    read();
    return String.format(
        Locale.ROOT,
        "loss %.4f, accuracy %.2f%% (%d/%d)",
        loss(),
        100 * accuracy(),
        correct,
        count);
  }
}
