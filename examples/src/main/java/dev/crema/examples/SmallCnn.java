package dev.crema.examples;

import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.tensor.Tensor;

/** The README's network: layers are fields, and what they compute is Java. */
public final class SmallCnn extends Module {
  private final Conv2d conv1 = add("conv1", new Conv2d(1, 8, 3));
  private final Conv2d conv2 = add("conv2", new Conv2d(8, 16, 3));
  private final MaxPool2d pool = add("pool", new MaxPool2d(2));
  private final Linear fc = add("fc", new Linear(16 * 5 * 5, 10));

  @Override
  protected Tensor forward(Tensor images) { // [n, 1, 28, 28]
    Tensor x = pool.call(conv1.call(images).relu()); // [n, 8, 13, 13]
    x = pool.call(conv2.call(x).relu()); // [n, 16, 5, 5]
    return fc.call(x.flatten(1)); // [n, 10]
  }
}
