package dev.crema.nn.models;

import dev.crema.nn.Conv2d;
import dev.crema.nn.Dropout;
import dev.crema.nn.Linear;
import dev.crema.nn.LocalResponseNorm;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.nn.ReLU;
import dev.crema.nn.Sequential;
import dev.crema.nn.init.Init;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * AlexNet of the 2012 paper (Krizhevsky, Sutskever, Hinton): 96 first filters, two groups where the
 * two GPUs did not talk, local response normalisation, overlapping pooling, and, but for a bias,
 * the paper's initialisation. 60,965,224 parameters; 3x224x224 images, padded by 2 to come to the
 * paper's 55x55.
 */
public final class AlexNet2012 extends Module {
  /**
   * The paper has 1, which makes the first steps too large to recover from; Caffe's net has 0.1.
   */
  private static final double HIDDEN_BIAS = 0.1;

  private final Sequential features =
      add(
          "features",
          new Sequential(
              new Conv2d(3, 96, 11).stride(4).padding(2),
              new ReLU(),
              responseNorm(),
              new MaxPool2d(3, 2),
              new Conv2d(96, 256, 5).padding(2).groups(2),
              new ReLU(),
              responseNorm(),
              new MaxPool2d(3, 2),
              new Conv2d(256, 384, 3).padding(1),
              new ReLU(),
              new Conv2d(384, 384, 3).padding(1).groups(2),
              new ReLU(),
              new Conv2d(384, 256, 3).padding(1).groups(2),
              new ReLU(),
              new MaxPool2d(3, 2)));
  private final Sequential classifier;

  /** For the 1000 classes of ImageNet. */
  public AlexNet2012() {
    this(1000);
  }

  /** For any number of classes. */
  public AlexNet2012(int numClasses) {
    classifier =
        add(
            "classifier",
            new Sequential(
                new Linear(256 * 6 * 6, 4096),
                new ReLU(),
                new Dropout(0.5),
                new Linear(4096, 4096),
                new ReLU(),
                new Dropout(0.5),
                new Linear(4096, numClasses)));
    initialise();
  }

  /** k = 2, n = 5, α = 1e-4 (PyTorch divides its alpha by n), β = 0.75. */
  private static LocalResponseNorm responseNorm() {
    return new LocalResponseNorm(5, 5e-4, 0.75, 2);
  }

  /**
   * Section 5: weights from N(0, 0.01²); biases above 0 in the second, fourth and fifth convolution
   * and the hidden linear layers, so that ReLU sees positive inputs at first, else 0.
   */
  private void initialise() {
    for (Module layer : features) {
      if (layer instanceof Conv2d conv) {
        initialise(conv.weight(), conv.bias(), conv.inChannels() == 3 || conv.inChannels() == 256);
      }
    }
    for (Module layer : classifier) {
      if (layer instanceof Linear linear) {
        initialise(linear.weight(), linear.bias(), layer == classifier.get(6));
      }
    }
  }

  private void initialise(Tensor weight, @Nullable Tensor bias, boolean zeroBias) {
    Init.normal_(weight, 0, 0.01, generator());
    if (bias != null) {
      Init.constant_(bias, zeroBias ? 0 : HIDDEN_BIAS);
    }
  }

  @Override
  protected Tensor forward(Tensor images) {
    return classifier.call(features.call(images).flatten(1));
  }
}
