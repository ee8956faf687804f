package dev.crema.nn.models;

import dev.crema.nn.Conv2d;
import dev.crema.nn.Dropout;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.nn.ReLU;
import dev.crema.tensor.Tensor;

/** The SimpleCNN of course 004: 32 and 64 maps and two linear layers for 1x28x28 images. */
public final class SimpleCNN004 extends Module {
  private final Conv2d conv1 = add("conv1", new Conv2d(1, 32, 3).padding(1));
  private final ReLU relu1 = add("relu1", new ReLU());
  private final MaxPool2d pool1 = add("pool1", new MaxPool2d(2));
  private final Conv2d conv2 = add("conv2", new Conv2d(32, 64, 3).padding(1));
  private final ReLU relu2 = add("relu2", new ReLU());
  private final MaxPool2d pool2 = add("pool2", new MaxPool2d(2));
  private final Linear fc1 = add("fc1", new Linear(64 * 7 * 7, 128));
  private final ReLU relu3 = add("relu3", new ReLU());
  private final Dropout dropout = add("dropout", new Dropout(0.5));
  private final Linear fc2;

  /** For ten classes. */
  public SimpleCNN004() {
    this(10);
  }

  /** For any number of classes. */
  public SimpleCNN004(int numClasses) {
    fc2 = add("fc2", new Linear(128, numClasses));
  }

  @Override
  protected String typeName() {
    return "SimpleCNN";
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = pool1.call(relu1.call(conv1.call(images))); // [n, 32, 14, 14]
    x = pool2.call(relu2.call(conv2.call(x))); // [n, 64, 7, 7]
    x = relu3.call(fc1.call(x.flatten(1)));
    return fc2.call(dropout.call(x));
  }
}
