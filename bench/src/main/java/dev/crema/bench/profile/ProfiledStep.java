package dev.crema.bench.profile;

import dev.crema.autograd.NoGrad;
import dev.crema.nn.Module;
import dev.crema.nn.models.ModelSpec;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.function.UnaryOperator;

/** A network on one batch of noise: an inference, or a step of training by SGD with momentum. */
public final class ProfiledStep implements Runnable, AutoCloseable {
  private static final double LEARNING_RATE = 1e-3;
  private static final double MOMENTUM = 0.9;

  private final Module model;
  private final SGD optimizer;
  private final Tensor images;
  private final Tensor labels;
  private final boolean training;

  /** On a device, from the same start in every run. */
  public ProfiledStep(ModelSpec spec, int batch, boolean training, Device device) {
    Generator.manualSeed(0);
    Shape image = spec.imageShape();
    long[] classes = new long[batch];
    for (int i = 0; i < batch; i++) {
      classes[i] = i % spec.numClasses();
    }
    this.training = training;
    model = spec.create().train(training).to(device);
    optimizer = new SGD(model.parameters(), LEARNING_RATE).momentum(MOMENTUM);
    images =
        moved(Tensor.randn(batch, image.size(0), image.size(1), image.size(2)), t -> t.to(device));
    labels = moved(Tensor.copyOf(classes), t -> t.to(device));
  }

  private static Tensor moved(Tensor from, UnaryOperator<Tensor> move) {
    Tensor to = move.apply(from);
    if (to != from) {
      from.close();
    }
    return to;
  }

  @Override
  public void run() {
    if (training) {
      try (Scope _ = Scope.open("step")) {
        Tensor loss = model.call(images).crossEntropy(labels);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
      }
    } else {
      try (Scope _ = Scope.open("inference");
          var _ = NoGrad.open()) {
        model.call(images);
      }
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
