package dev.crema.nn.models;

import dev.crema.nn.AdaptiveAvgPool2d;
import dev.crema.nn.Conv2d;
import dev.crema.nn.Dropout;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.nn.ReLU;
import dev.crema.nn.Sequential;
import dev.crema.tensor.Tensor;

/**
 * AlexNet as torchvision has it, after Krizhevsky's "One weird trick" (2014): 61,100,840 parameters
 * and 0.71 G multiply-adds on 3x224x224 images.
 */
public final class AlexNet extends Module {
  private final Sequential features =
      add(
          "features",
          new Sequential(
              new Conv2d(3, 64, 11).stride(4).padding(2),
              new ReLU(true),
              new MaxPool2d(3, 2),
              new Conv2d(64, 192, 5).padding(2),
              new ReLU(true),
              new MaxPool2d(3, 2),
              new Conv2d(192, 384, 3).padding(1),
              new ReLU(true),
              new Conv2d(384, 256, 3).padding(1),
              new ReLU(true),
              new Conv2d(256, 256, 3).padding(1),
              new ReLU(true),
              new MaxPool2d(3, 2)));
  private final AdaptiveAvgPool2d avgpool = add("avgpool", new AdaptiveAvgPool2d(6, 6));
  private final Sequential classifier;

  /** For the 1000 classes of ImageNet. */
  public AlexNet() {
    this(1000, 0.5);
  }

  /** With dropout 0.5. */
  public AlexNet(int numClasses) {
    this(numClasses, 0.5);
  }

  /**
   * @param dropout the probability of zero before each hidden linear layer
   */
  public AlexNet(int numClasses, double dropout) {
    classifier =
        add(
            "classifier",
            new Sequential(
                new Dropout(dropout),
                new Linear(256 * 6 * 6, 4096),
                new ReLU(true),
                new Dropout(dropout),
                new Linear(4096, 4096),
                new ReLU(true),
                new Linear(4096, numClasses)));
  }

  /** The convolutions; 13 layers. */
  public Sequential features() {
    return features;
  }

  /** The linear layers; the last, to replace for other classes, is number 6. */
  public Sequential classifier() {
    return classifier;
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = avgpool.call(features.call(images));
    return classifier.call(x.flatten(1));
  }
}
