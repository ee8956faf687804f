package dev.crema.nn.train;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.NoGrad;
import dev.crema.nn.Loss;
import dev.crema.nn.Module;
import dev.crema.nn.data.Batch;
import dev.crema.nn.data.DataLoader;
import dev.crema.nn.optim.ClipGrad;
import dev.crema.nn.optim.GradScaler;
import dev.crema.nn.optim.Optimizer;
import dev.crema.tensor.CapturedStep;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Device;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.UnsupportedOpException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Trains and judges a classifier, an epoch at a time:
 *
 * {@snippet :
 * var trainer = new Trainer(model, new CrossEntropyLoss(), new Adam(model.parameters()));
 * for (int epoch = 0; epoch < 3; epoch++) {
 *   System.out.println("train " + trainer.train(trainLoader));
 *   System.out.println("test  " + trainer.evaluate(testLoader));
 * }
 * }
 *
 * <p>Batches are moved to the device of the model's first parameter, by a {@link DataLoader}'s
 * workers ahead of time, and closed after use.
 */
public final class Trainer {
  private final Module model;
  private final Loss loss;
  private final Optimizer optimizer;
  private double maxNorm = Double.POSITIVE_INFINITY;
  private Consumer<Metrics> afterBatch = _ -> {};
  private boolean graphs;
  private DType autocast = DType.F32;
  private @Nullable GradScaler scaler;
  private MemoryFormat format = MemoryFormat.CONTIGUOUS;

  /** What is done with a batch: gives the mean loss, and how many were right. */
  private interface Step {
    List<Tensor> run(Tensor images, Tensor labels);
  }

  /** A trainer of this model; the optimizer has its parameters. */
  public Trainer(Module model, Loss loss, Optimizer optimizer) {
    this.model = model;
    this.loss = loss;
    this.optimizer = optimizer;
  }

  /**
   * Scales gradients down to this norm, all parameters together.
   *
   * @throws UnsupportedOpException with {@link #graphs}: the norm is read on the host
   */
  public Trainer clipGradNorm(double maxNorm) {
    checkGraphs(graphs, maxNorm);
    this.maxNorm = maxNorm;
    return this;
  }

  private static void checkGraphs(boolean graphs, double maxNorm) {
    if (graphs && maxNorm < Double.POSITIVE_INFINITY) {
      throw new UnsupportedOpException(
          "trainer: clipGradNorm(%s) reads the norm on the host, which a step with graphs(true) cannot. Hint: one of the two"
              .formatted(maxNorm));
    }
  }

  /**
   * Whether the steps of a training pass run as one {@link CapturedStep}, as a CUDA device can.
   * Batches of another size than the first are plain steps. The results are the same bits.
   *
   * @throws UnsupportedOpException with {@link #clipGradNorm}, which reads a value on the host
   */
  public Trainer graphs(boolean graphs) {
    checkGraphs(graphs, maxNorm);
    this.graphs = graphs;
    return this;
  }

  /**
   * Computes network and loss under {@link Autocast}: BF16, or F16 with a {@link #gradScaler}; F32
   * for neither.
   *
   * @throws DTypeException for any other
   */
  public Trainer autocast(DType dtype) {
    Autocast.open(dtype).close(); // refuses what it does not know
    this.autocast = dtype;
    return this;
  }

  /** Scales losses, and leaves steps out whose gradients overflow. The scaler is its caller's. */
  public Trainer gradScaler(GradScaler scaler) {
    this.scaler = scaler;
    return this;
  }

  /**
   * Whether images go into the network in {@link MemoryFormat#CHANNELS_LAST}, which its ops on a
   * CUDA device keep. Which is faster depends on network and GPU; results differ by rounding.
   */
  public Trainer channelsLast(boolean channelsLast) {
    format = channelsLast ? MemoryFormat.CHANNELS_LAST : MemoryFormat.CONTIGUOUS;
    return this;
  }

  /**
   * Calls {@code action} after every batch with what the epoch came to so far, for progress. To ask
   * for anything but the count waits for the device: on a GPU, not after every batch.
   */
  public Trainer afterBatch(Consumer<Metrics> action) {
    this.afterBatch = action;
    return this;
  }

  /** One pass in training mode, with a step of the optimizer after each batch. */
  public Metrics train(Iterable<Batch> batches) {
    model.train();
    if (!graphs) {
      return pass(batches, this::learn);
    }
    try (var step = CapturedStep.ofAll(device(), in -> learn(in.get(0), in.get(1)))) {
      return pass(
          batches,
          (images, labels) ->
              step.fits(images, labels) ? step.runAll(images, labels) : learn(images, labels));
    }
  }

  private List<Tensor> learn(Tensor images, Tensor labels) {
    List<Tensor> result = judge(images, labels);
    optimizer.zeroGrad();
    GradScaler scaling = scaler;
    if (scaling == null) {
      result.getFirst().backward();
      clip();
      optimizer.step();
    } else {
      scaling.scale(result.getFirst()).backward();
      scaling.unscale_(optimizer);
      clip();
      scaling.step(optimizer);
      scaling.update();
    }
    return result;
  }

  private void clip() {
    if (maxNorm < Double.POSITIVE_INFINITY) {
      ClipGrad.clipGradNorm_(model.parameters(), maxNorm);
    }
  }

  private List<Tensor> judge(Tensor images, Tensor labels) {
    try (var _ = Autocast.open(autocast)) {
      Tensor scores = model.call(images.contiguous(format));
      return List.of(loss.call(scores, labels), Metrics.correct(scores, labels));
    }
  }

  /** One pass in inference mode, without gradients. */
  public Metrics evaluate(Iterable<Batch> batches) {
    boolean training = model.isTraining();
    model.eval();
    try (var _ = NoGrad.open()) {
      return pass(batches, this::judge);
    } finally {
      model.train(training);
    }
  }

  private Device device() {
    return model.parameters().getFirst().device();
  }

  private Metrics pass(Iterable<Batch> batches, Step step) {
    Device device = device();
    var metrics = new Metrics();
    try {
      for (Batch batch : ahead(batches, device)) {
        try (batch;
            var _ = Scope.open("batch")) {
          Tensor labels = batch.labels().to(device);
          List<Tensor> result = step.run(batch.images().to(device), labels);
          metrics.add(result.get(0), result.get(1), labels.numel());
        }
        afterBatch.accept(metrics);
      }
      metrics.read();
    } catch (Throwable t) {
      metrics.forget();
      throw t;
    }
    return metrics;
  }

  /** A loader's workers move batches themselves, while the device computes. */
  private static Iterable<Batch> ahead(Iterable<Batch> batches, Device device) {
    return batches instanceof DataLoader loader ? () -> loader.iterator(device) : batches;
  }
}
