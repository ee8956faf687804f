package dev.crema.bench.peers.task;

import dev.crema.bench.peers.net.Net;
import dev.crema.bench.peers.net.Weights;

/**
 * Steps of SGD with momentum on one batch: forward, cross-entropy, backward, update. A step's
 * result is the loss before it.
 *
 * @param weights where training starts
 * @param images [batch, channels, size, size]
 * @param labels a class for each image
 */
public record TrainTask(Net net, Weights weights, int batch, float[] images, long[] labels)
    implements Task {
  /** Of the update. */
  public static final float LEARNING_RATE = 0.01f;

  /** Of the update. */
  public static final float MOMENTUM = 0.9f;

  /** With images of numbers from −1 to 1, and labels in turn. */
  public static TrainTask of(Net net, int batch) {
    long[] labels = new long[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = i % net.classes();
    }
    return new TrainTask(net, Weights.of(net), batch, Data.uniform(net.pixels(batch), 1), labels);
  }

  @Override
  public int rounds() {
    return 3;
  }

  /** Each step takes differences of rounding further. */
  @Override
  public double tolerance() {
    return 1e-3;
  }
}
