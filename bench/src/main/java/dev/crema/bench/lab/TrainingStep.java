package dev.crema.bench.lab;

import dev.crema.nn.Module;
import dev.crema.nn.models.ModelSpec;
import dev.crema.nn.models.Models;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;

/**
 * A network in training on one batch of noise: each run is forward, cross-entropy, backward, and
 * SGD with momentum.
 */
public final class TrainingStep implements Runnable, AutoCloseable {
  private static final double LEARNING_RATE = 1e-3;
  private static final double MOMENTUM = 0.9;

  private final Module model;
  private final SGD optimizer;
  private final Tensor images;
  private final Tensor labels;
  private final double flops;

  /** A network of {@link Models}, from the same start in every run. */
  public TrainingStep(String name, int batch) {
    Generator.manualSeed(0);
    ModelSpec spec = Models.get(name);
    Shape image = spec.imageShape();
    long[] classes = new long[batch];
    for (int i = 0; i < batch; i++) {
      classes[i] = i % spec.numClasses();
    }
    model = spec.create();
    long multiplyAdds =
        model.summary(batch, image.size(0), image.size(1), image.size(2)).multiplyAdds();
    flops = 3 * 2.0 * multiplyAdds;
    model.train();
    optimizer = new SGD(model.parameters(), LEARNING_RATE).momentum(MOMENTUM);
    images = Tensor.randn(batch, image.size(0), image.size(1), image.size(2));
    labels = Tensor.copyOf(classes);
  }

  @Override
  public void run() {
    try (Scope _ = Scope.open("step")) {
      Tensor loss = model.call(images).crossEntropy(labels);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    }
  }

  /** Operations of a step, backward counted as twice the forward; a multiply-add is two. */
  public double flops() {
    return flops;
  }

  /** The loss, as it is now. */
  public double loss() {
    try (Scope _ = Scope.open("loss")) {
      return model.call(images).crossEntropy(labels).item();
    }
  }

  @Override
  public void close() {
    optimizer.close();
    model.close();
    images.close();
    labels.close();
  }
}
