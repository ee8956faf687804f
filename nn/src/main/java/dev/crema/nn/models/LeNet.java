package dev.crema.nn.models;

import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.nn.ReLU;
import dev.crema.nn.Sequential;
import dev.crema.tensor.Tensor;

/**
 * The modern LeNet of course 004, with max pooling and ReLU: 61,706 parameters. Its classifier
 * takes 16x5x5, so images are 1x32x32; those of 28x28 get the border of 2 that LeCun's had, which
 * is the same as padding 2 in the first convolution.
 */
public final class LeNet extends Module {
  private final Sequential features =
      add(
          "features",
          new Sequential(
              new Conv2d(1, 6, 5),
              new ReLU(),
              new MaxPool2d(2),
              new Conv2d(6, 16, 5),
              new ReLU(),
              new MaxPool2d(2)));
  private final Sequential classifier;

  /** For ten classes. */
  public LeNet() {
    this(10);
  }

  /** For any number of classes. */
  public LeNet(int numClasses) {
    classifier =
        add(
            "classifier",
            new Sequential(
                new Linear(16 * 5 * 5, 120),
                new ReLU(),
                new Linear(120, 84),
                new ReLU(),
                new Linear(84, numClasses)));
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = features.call(Digits.bordered(images));
    return classifier.call(x.flatten(1));
  }
}
