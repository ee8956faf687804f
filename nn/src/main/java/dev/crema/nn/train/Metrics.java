package dev.crema.nn.train;

import dev.crema.tensor.Tensor;
import java.util.Locale;

/** Loss and accuracy of a classifier over the samples seen so far. */
public final class Metrics {
  private final long start = System.nanoTime();
  private long nanos;
  private double lossSum;
  private long correct;
  private long count;

  /** Nothing seen yet; the clock starts. */
  public Metrics() {}

  /**
   * Adds a batch.
   *
   * @param loss its mean loss
   * @param scores [n, classes], one score per class
   * @param labels [n], the right classes
   */
  public void add(Tensor loss, Tensor scores, Tensor labels) {
    add(loss, correct(scores, labels), labels.numel());
  }

  /** How many of a batch are right, one number. */
  static Tensor correct(Tensor scores, Tensor labels) {
    return scores.argmax(1).eq(labels).sum();
  }

  /** Adds a batch of n samples. */
  void add(Tensor loss, Tensor right, long n) {
    lossSum += loss.item() * n;
    correct += (long) right.item();
    count += n;
    nanos = System.nanoTime() - start;
  }

  /** The mean loss per sample. */
  public double loss() {
    return lossSum / count;
  }

  /** The part of the samples whose highest score is the right class's, from 0 to 1. */
  public double accuracy() {
    return (double) correct / count;
  }

  /** Samples classified correctly. */
  public long correct() {
    return correct;
  }

  /** Samples seen. */
  public long count() {
    return count;
  }

  /** From the start to the last batch. */
  public double seconds() {
    return nanos / 1e9;
  }

  /** Samples seen over {@link #seconds}. */
  public double samplesPerSecond() {
    return count / seconds();
  }

  /** {@code loss 0.0934, accuracy 97.28% (9728/10000)}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "loss %.4f, accuracy %.2f%% (%d/%d)",
        loss(),
        100 * accuracy(),
        correct,
        count);
  }
}
