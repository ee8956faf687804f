package dev.crema.natives;

import dev.crema.autograd.Autocast;
import dev.crema.nn.data.Batch;
import dev.crema.nn.data.DataLoader;
import dev.crema.nn.data.LoaderOptions;
import dev.crema.nn.data.Split;
import dev.crema.nn.data.Strokes;
import dev.crema.nn.models.LeNet;
import dev.crema.nn.optim.Adam;
import dev.crema.nn.optim.GradScaler;
import dev.crema.nn.optim.Optimizer;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** LeNet on the digits that Crema draws itself; the same on every device but for rounding. */
final class LeNetTraining implements AutoCloseable {
  private final LeNet model;
  private final Optimizer optimizer;
  private final DataLoader loader;
  private final DType precision;
  private final GradScaler scaler = new GradScaler();
  private Iterator<Batch> batches;

  /** With fresh weights, always the same. */
  LeNetTraining(Device device, int batchSize, int images) {
    this(device, batchSize, images, 1, DType.F32);
  }

  /** With so many threads that prepare batches; 0 does it in the step itself. */
  LeNetTraining(Device device, int batchSize, int images, int workers) {
    this(device, batchSize, images, workers, DType.F32);
  }

  /** Under autocast to a 16-bit type, with a scaled loss if that is F16. */
  LeNetTraining(Device device, int batchSize, int images, DType precision) {
    this(device, batchSize, images, 1, precision);
  }

  private LeNetTraining(Device device, int batchSize, int images, int workers, DType precision) {
    this.precision = precision;
    Generator.manualSeed(7);
    model = new LeNet();
    model.to(device);
    optimizer = new Adam(model.parameters(), 2e-3);
    loader =
        new DataLoader(
            Strokes.generate(Split.TRAIN, 0, images),
            LoaderOptions.DEFAULT
                .batchSize(batchSize)
                .dropLast(true)
                .shuffle(0)
                .workers(workers)
                .device(device));
    batches = loader.iterator();
  }

  /** One step on the next batch; gives the loss before it. */
  float step() {
    if (!batches.hasNext()) {
      batches = loader.iterator();
    }
    try (Batch batch = batches.next();
        Scope _ = Scope.open("step")) {
      Tensor loss;
      try (var _ = Autocast.open(precision)) {
        loss = model.call(batch.images()).crossEntropy(batch.labels());
      }
      optimizer.zeroGrad();
      if (precision == DType.F16) {
        scaler.scale(loss).backward();
        scaler.step(optimizer);
        scaler.update();
      } else {
        loss.backward();
        optimizer.step();
      }
      return (float) loss.item();
    }
  }

  List<Float> steps(int n) {
    List<Float> losses = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      losses.add(step());
    }
    return losses;
  }

  LeNet model() {
    return model;
  }

  GradScaler scaler() {
    return scaler;
  }

  @Override
  public void close() {
    scaler.close();
    optimizer.close();
    model.close();
  }
}
