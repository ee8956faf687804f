package dev.crema.nn.models;

import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.tensor.Tensor;

/** The SimpleCNN of course 000: two convolutions and two linear layers for 3x32x32 images. */
public final class SimpleCNN000 extends Module {
  private final Conv2d conv1 = add("conv1", new Conv2d(3, 32, 3).padding(1));
  private final MaxPool2d pool = add("pool", new MaxPool2d(2, 2));
  private final Conv2d conv2 = add("conv2", new Conv2d(32, 64, 3).padding(1));
  private final Linear fc1 = add("fc1", new Linear(64 * 8 * 8, 128));
  private final Linear fc2;

  /** For ten classes. */
  public SimpleCNN000() {
    this(10);
  }

  /** For any number of classes. */
  public SimpleCNN000(int numClasses) {
    fc2 = add("fc2", new Linear(128, numClasses));
  }

  @Override
  protected String typeName() {
    return "SimpleCNN";
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = pool.call(conv1.call(images).relu());
    x = pool.call(conv2.call(x).relu());
    x = fc1.call(x.flatten(1)).relu();
    return fc2.call(x);
  }
}
