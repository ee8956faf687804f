package dev.crema.nn.models;

import dev.crema.nn.Conv2d;
import dev.crema.nn.Dropout;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.tensor.Tensor;

/**
 * The SimpleCNN of course 001: three convolutions and two linear layers for 3x32x32 images. It has
 * 1,147,466 parameters; the course states 1,081,930, which is 65,536 less than the layers that it
 * prints add up to.
 */
public final class SimpleCNN extends Module {
  private final Conv2d conv1 = add("conv1", new Conv2d(3, 32, 3).padding(1));
  private final Conv2d conv2 = add("conv2", new Conv2d(32, 64, 3).padding(1));
  private final Conv2d conv3 = add("conv3", new Conv2d(64, 128, 3).padding(1));
  private final MaxPool2d pool = add("pool", new MaxPool2d(2, 2));
  private final Linear fc1 = add("fc1", new Linear(128 * 4 * 4, 512));
  private final Linear fc2;
  private final Dropout dropout;

  /** For ten classes. */
  public SimpleCNN() {
    this(10);
  }

  /** For any number of classes. */
  public SimpleCNN(int numClasses) {
    fc2 = add("fc2", new Linear(512, numClasses));
    dropout = add("dropout", new Dropout(0.5));
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = pool.call(conv1.call(images).relu()); // [n, 32, 16, 16]
    x = pool.call(conv2.call(x).relu()); // [n, 64, 8, 8]
    x = pool.call(conv3.call(x).relu()); // [n, 128, 4, 4]
    x = fc1.call(x.flatten(1)).relu();
    return fc2.call(dropout.call(x));
  }
}
