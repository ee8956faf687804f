package dev.crema.nn.models;

import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.tensor.Tensor;

/** The SimpleCNN of course 002: 8 and 16 maps and one linear layer for 1x28x28 images. */
public final class SimpleCNN002 extends Module {
  private final Conv2d conv1 = add("conv1", new Conv2d(1, 8, 3));
  private final Conv2d conv2 = add("conv2", new Conv2d(8, 16, 3));
  private final MaxPool2d pool = add("pool", new MaxPool2d(2, 2));
  private final Linear fc;

  /** For ten classes. */
  public SimpleCNN002() {
    this(10);
  }

  /** For any number of classes. */
  public SimpleCNN002(int numClasses) {
    fc = add("fc", new Linear(16 * 5 * 5, numClasses));
  }

  @Override
  protected String typeName() {
    return "SimpleCNN";
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = pool.call(conv1.call(images).relu()); // [n, 8, 13, 13]
    x = pool.call(conv2.call(x).relu()); // [n, 16, 5, 5]
    return fc.call(x.flatten(1));
  }
}
