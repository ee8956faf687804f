package dev.crema.natives;

import dev.crema.nn.data.Batch;
import dev.crema.nn.data.DataLoader;
import dev.crema.nn.data.LoaderOptions;
import dev.crema.nn.data.Split;
import dev.crema.nn.data.Strokes;
import dev.crema.nn.models.LeNet;
import dev.crema.nn.optim.Adam;
import dev.crema.nn.optim.Optimizer;
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
  private Iterator<Batch> batches;

  /** With fresh weights, always the same. */
  LeNetTraining(Device device, int batchSize, int images) {
    this(device, batchSize, images, 1);
  }

  /** With so many threads that prepare batches; 0 does it in the step itself. */
  LeNetTraining(Device device, int batchSize, int images, int workers) {
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
      Tensor loss = model.call(batch.images()).crossEntropy(batch.labels());
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
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

  @Override
  public void close() {
    optimizer.close();
    model.close();
  }
}
