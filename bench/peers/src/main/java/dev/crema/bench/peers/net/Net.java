package dev.crema.bench.peers.net;

import dev.crema.nn.Module;
import dev.crema.nn.models.AlexNet;
import dev.crema.nn.models.LeNet;
import java.util.function.Supplier;

/** The networks: as Crema's users have them, and once more from {@link NetOps} for the others. */
public enum Net {
  /** LeNet on 28x28 digits. */
  LENET("LeNet", LeNet::new, 1, 28, 10) {
    @Override
    public <T> T forward(NetOps<T> ops, T images) {
      T x = ops.relu(ops.conv2d(images, "features.0", 1, 2));
      x = ops.maxPool2d(x, 2, 2, 0);
      x = ops.relu(ops.conv2d(x, "features.3", 1, 0));
      x = ops.flatten(ops.maxPool2d(x, 2, 2, 0));
      x = ops.relu(ops.linear(x, "classifier.0"));
      x = ops.relu(ops.linear(x, "classifier.2"));
      return ops.linear(x, "classifier.4");
    }
  },

  /** AlexNet as torchvision has it; without dropout, so that losses can be compared. */
  ALEXNET("AlexNet", () -> new AlexNet(1000, 0), 3, 224, 1000) {
    @Override
    public <T> T forward(NetOps<T> ops, T images) {
      T x = ops.relu(ops.conv2d(images, "features.0", 4, 2));
      x = ops.maxPool2d(x, 3, 2, 0);
      x = ops.relu(ops.conv2d(x, "features.3", 1, 2));
      x = ops.maxPool2d(x, 3, 2, 0);
      x = ops.relu(ops.conv2d(x, "features.6", 1, 1));
      x = ops.relu(ops.conv2d(x, "features.8", 1, 1));
      x = ops.relu(ops.conv2d(x, "features.10", 1, 1));
      x = ops.flatten(ops.maxPool2d(x, 3, 2, 0));
      x = ops.relu(ops.linear(x, "classifier.1"));
      x = ops.relu(ops.linear(x, "classifier.4"));
      return ops.linear(x, "classifier.6");
    }
  },

  /** ResNet-18 as torchvision has it. */
  RESNET18("ResNet-18", ResNet18::new, 3, 224, 1000) {
    @Override
    public <T> T forward(NetOps<T> ops, T images) {
      T x = ops.relu(ops.batchNorm2d(ops.conv2d(images, "conv1", 2, 3), "bn1"));
      x = ops.maxPool2d(x, 3, 2, 1);
      for (int stage = 1; stage <= 4; stage++) {
        for (int i = 0; i < 2; i++) {
          x = block(ops, x, "layer%d.%d.".formatted(stage, i), stage > 1 && i == 0);
        }
      }
      return ops.linear(ops.flatten(ops.globalAvgPool2d(x)), "fc");
    }

    private <T> T block(NetOps<T> ops, T x, String path, boolean halves) {
      T y = ops.conv2d(x, path + "conv1", halves ? 2 : 1, 1);
      y = ops.relu(ops.batchNorm2d(y, path + "bn1"));
      y = ops.batchNorm2d(ops.conv2d(y, path + "conv2", 1, 1), path + "bn2");
      T shortcut = x;
      if (halves) {
        shortcut = ops.conv2d(x, path + "downsample.0", 2, 0);
        shortcut = ops.batchNorm2d(shortcut, path + "downsample.1");
      }
      return ops.relu(ops.add(y, shortcut));
    }
  };

  private final String label;
  private final Supplier<Module> module;
  private final int channels;
  private final int size;
  private final int classes;

  Net(String label, Supplier<Module> module, int channels, int size, int classes) {
    this.label = label;
    this.module = module;
    this.channels = channels;
    this.size = size;
    this.classes = classes;
  }

  /** For people. */
  public String label() {
    return label;
  }

  /** Crema's own, with random weights. */
  public Module module() {
    return module.get();
  }

  /** How many numbers come out for an image. */
  public int classes() {
    return classes;
  }

  /** [batch, channels, size, size]. */
  public long[] imagesShape(int batch) {
    return new long[] {batch, channels, size, size};
  }

  /** Numbers in a batch. */
  public int pixels(int batch) {
    return batch * channels * size * size;
  }

  /** The logits of a batch. */
  public abstract <T> T forward(NetOps<T> ops, T images);
}
