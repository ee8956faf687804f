package dev.crema.bench.peers.task;

import dev.crema.bench.peers.net.Net;
import dev.crema.bench.peers.net.Weights;

/**
 * One batch through a network, without gradients. The result is the logits.
 *
 * @param images [batch, channels, size, size]
 */
public record InferTask(Net net, Weights weights, int batch, float[] images) implements Task {

  /** With images of numbers from −1 to 1. */
  public static InferTask of(Net net, int batch) {
    return new InferTask(net, Weights.of(net), batch, Data.uniform(net.pixels(batch), 1));
  }
}
