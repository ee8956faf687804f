package dev.crema.bench.peers.net;

/**
 * What networks are made of. Layers are named as in Crema's and PyTorch's state dictionaries:
 * {@code layer1.0.conv1} has the weight {@code layer1.0.conv1.weight}, and a bias if there is one.
 *
 * @param <T> what flows through a network: an array, or a node of a graph
 */
public interface NetOps<T> {
  /** With square strides and padding. */
  T conv2d(T x, String layer, int stride, int padding);

  /** Per channel; in training with the batch's own statistics. */
  T batchNorm2d(T x, String layer);

  /** max(x, 0). */
  T relu(T x);

  /** Of square windows. */
  T maxPool2d(T x, int kernel, int stride, int padding);

  /** The mean of each channel: [n, c, h, w] becomes [n, c, 1, 1]. */
  T globalAvgPool2d(T x);

  /** [n, c, h, w] becomes [n, c·h·w]. */
  T flatten(T x);

  /** x·wᵀ + bias. */
  T linear(T x, String layer);

  /** a + b. */
  T add(T a, T b);
}
