package dev.crema.bench.peers.net;

import dev.crema.nn.AdaptiveAvgPool2d;
import dev.crema.nn.BatchNorm2d;
import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.nn.ReLU;
import dev.crema.nn.Sequential;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** ResNet-18 (He et al., 2015) as torchvision has it: 11,689,512 parameters. */
final class ResNet18 extends Module {
  private final Conv2d conv1 = add("conv1", new Conv2d(3, 64, 7).stride(2).padding(3).bias(false));
  private final BatchNorm2d bn1 = add("bn1", new BatchNorm2d(64));
  private final ReLU relu = add("relu", new ReLU(true));
  private final MaxPool2d maxpool = add("maxpool", new MaxPool2d(3, 2).padding(1));
  private final Sequential layer1 = add("layer1", stage(64, 64));
  private final Sequential layer2 = add("layer2", stage(64, 128));
  private final Sequential layer3 = add("layer3", stage(128, 256));
  private final Sequential layer4 = add("layer4", stage(256, 512));
  private final AdaptiveAvgPool2d avgpool = add("avgpool", new AdaptiveAvgPool2d(1));
  private final Linear fc = add("fc", new Linear(512, 1000));

  private static Sequential stage(int ic, int oc) {
    return new Sequential(new Block(ic, oc), new Block(oc, oc));
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = maxpool.call(relu.call(bn1.call(conv1.call(images))));
    x = layer4.call(layer3.call(layer2.call(layer1.call(x))));
    return fc.call(avgpool.call(x).flatten(1));
  }

  /** Two 3x3 convolutions, and past them a shortcut; more channels come with half the size. */
  private static final class Block extends Module {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final ReLU relu = add("relu", new ReLU(true));
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final @Nullable Sequential downsample;

    Block(int ic, int oc) {
      int stride = ic == oc ? 1 : 2;
      conv1 = add("conv1", new Conv2d(ic, oc, 3).stride(stride).padding(1).bias(false));
      bn1 = add("bn1", new BatchNorm2d(oc));
      conv2 = add("conv2", new Conv2d(oc, oc, 3).padding(1).bias(false));
      bn2 = add("bn2", new BatchNorm2d(oc));
      downsample =
          ic == oc
              ? null
              : add(
                  "downsample",
                  new Sequential(
                      new Conv2d(ic, oc, 1).stride(stride).bias(false), new BatchNorm2d(oc)));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = bn2.call(conv2.call(relu.call(bn1.call(conv1.call(x)))));
      return relu.call(y.add(downsample == null ? x : downsample.call(x)));
    }
  }
}
