package dev.crema.bench.lab;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.NoGrad;
import dev.crema.nn.Module;
import dev.crema.nn.models.ModelSpec;
import dev.crema.nn.optim.GradScaler;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.CapturedStep;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network on one batch of noise. A run is an inference, or a step of training: forward,
 * cross-entropy, backward, and SGD with momentum.
 */
public final class NetworkStep implements Runnable, AutoCloseable {
  private static final double LEARNING_RATE = 1e-3;
  private static final double MOMENTUM = 0.9;

  private final Module model;
  private final SGD optimizer;
  private final @Nullable GradScaler scaler;
  private final Tensor images;
  private final Tensor labels;
  private final boolean training;
  private final How how;
  private final @Nullable CapturedStep captured;

  /**
   * How it computes.
   *
   * @param format in which the images go into the network, at each run
   * @param autocast what products and convolutions round to: F32 for not at all, BF16, or F16 with
   *     a scaled loss
   * @param graphs whether a run is one {@link CapturedStep}
   */
  public record How(MemoryFormat format, DType autocast, boolean graphs) {
    /** Row-major, in f32, op by op. */
    public static final How PLAIN = new How(MemoryFormat.CONTIGUOUS, DType.F32, false);
  }

  /** As below, computed plainly. */
  public NetworkStep(ModelSpec spec, int batch, boolean training, Device device) {
    this(spec, batch, training, device, How.PLAIN);
  }

  /**
   * A network on a device, with the same weights and noise whenever it is made.
   *
   * @param batch images of a run
   * @param training whether runs are steps of training
   */
  public NetworkStep(ModelSpec spec, int batch, boolean training, Device device, How how) {
    Generator.manualSeed(0);
    Shape image = spec.imageShape();
    long[] classes = new long[batch];
    for (int i = 0; i < batch; i++) {
      classes[i] = i % spec.numClasses();
    }
    this.training = training;
    this.how = how;
    model = spec.create().train(training).to(device);
    optimizer = new SGD(model.parameters(), LEARNING_RATE).momentum(MOMENTUM);
    scaler = training && how.autocast == DType.F16 ? new GradScaler() : null;
    images = moved(Tensor.randn(batch, image.size(0), image.size(1), image.size(2)), device);
    labels = moved(Tensor.copyOf(classes), device);
    captured = how.graphs ? CapturedStep.of(device, in -> once(in.getFirst(), in.getLast())) : null;
  }

  private static Tensor moved(Tensor from, Device device) {
    Tensor to = from.to(device);
    if (to != from) {
      from.close();
    }
    return to;
  }

  @Override
  public void run() {
    if (captured != null) {
      captured.run(images, labels);
      return;
    }
    try (Scope _ = Scope.open("step")) {
      once(images, labels);
    }
  }

  /** The loss in training, else the scores. */
  private Tensor once(Tensor x, Tensor y) {
    if (!training) {
      try (var _ = NoGrad.open();
          var _ = Autocast.open(how.autocast)) {
        return model.call(x.contiguous(how.format));
      }
    }
    Tensor loss;
    try (var _ = Autocast.open(how.autocast)) {
      loss = model.call(x.contiguous(how.format)).crossEntropy(y);
    }
    optimizer.zeroGrad();
    if (scaler == null) {
      loss.backward();
      optimizer.step();
    } else {
      scaler.scale(loss).backward();
      scaler.step(optimizer);
      scaler.update();
    }
    return loss;
  }

  /** Operations of a run, a multiply-add being two; backward counts as twice the forward. */
  public double flops() {
    long multiplyAdds = model.summary(images.shape().sizes()).multiplyAdds();
    return (training ? 3 : 1) * 2.0 * multiplyAdds;
  }

  /** The cross-entropy as it is now, of the network as it infers. */
  public double loss() {
    model.eval();
    try (Scope _ = Scope.open("loss");
        var _ = NoGrad.open();
        var _ = Autocast.open(how.autocast)) {
      return model.call(images.contiguous(how.format)).crossEntropy(labels).item();
    } finally {
      model.train(training);
    }
  }

  /** The network's state by the names of its dictionary, and the batch: {@code input, labels}. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>(model.stateDict());
    state.put("input", images);
    state.put("labels", labels);
    return state;
  }

  @Override
  public void close() {
    if (captured != null) {
      captured.close();
    }
    if (scaler != null) {
      scaler.close();
    }
    optimizer.close();
    model.close();
    images.close();
    labels.close();
  }
}
