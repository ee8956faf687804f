package dev.crema.nn.models;

import dev.crema.nn.BatchNorm2d;
import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.nn.ReLU;
import dev.crema.tensor.Tensor;

/**
 * Two convolutions, each with batch norm, and one linear layer (course 004). The course's linear
 * layer takes 64x16x16, which two poolings leave of 64x64 images; for CIFAR-10 make it with image
 * size 32.
 */
public final class CNNWithBatchNorm extends Module {
  private final Conv2d conv1 = add("conv1", new Conv2d(3, 32, 3).padding(1));
  private final BatchNorm2d bn1 = add("bn1", new BatchNorm2d(32));
  private final ReLU relu1 = add("relu1", new ReLU());
  private final Conv2d conv2 = add("conv2", new Conv2d(32, 64, 3).padding(1));
  private final BatchNorm2d bn2 = add("bn2", new BatchNorm2d(64));
  private final ReLU relu2 = add("relu2", new ReLU());
  private final MaxPool2d pool = add("pool", new MaxPool2d(2));
  private final Linear fc;

  /** As in the course: ten classes, 3x64x64 images. */
  public CNNWithBatchNorm() {
    this(10, 64);
  }

  /**
   * @param imageSize height and width of the images, a multiple of 4
   */
  public CNNWithBatchNorm(int numClasses, int imageSize) {
    int size = imageSize / 4;
    fc = add("fc", new Linear(64 * size * size, numClasses));
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = pool.call(relu1.call(bn1.call(conv1.call(images))));
    x = pool.call(relu2.call(bn2.call(conv2.call(x))));
    return fc.call(x.flatten(1));
  }
}
