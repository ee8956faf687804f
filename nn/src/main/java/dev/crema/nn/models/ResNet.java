package dev.crema.nn.models;

import dev.crema.nn.AdaptiveAvgPool2d;
import dev.crema.nn.BatchNorm2d;
import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.nn.ReLU;
import dev.crema.nn.Sequential;
import dev.crema.nn.init.Fan;
import dev.crema.nn.init.Init;
import dev.crema.nn.init.Nonlinearity;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Residual networks (He et al., "Deep Residual Learning for Image Recognition", 2015), with
 * torchvision's names and its place of the stride, on the 3x3 convolution of a bottleneck: 18
 * layers have 11,689,512 parameters, 50 have 25,557,032.
 */
public final class ResNet extends Module {
  private static final int BOTTLENECK = 4;

  private final Conv2d conv1 = add("conv1", conv(3, 64, 7, 2));
  private final BatchNorm2d bn1 = add("bn1", new BatchNorm2d(64));
  private final ReLU relu = add("relu", new ReLU(true));
  private final MaxPool2d maxpool = add("maxpool", new MaxPool2d(3, 2).padding(1));
  private final Sequential layer1;
  private final Sequential layer2;
  private final Sequential layer3;
  private final Sequential layer4;
  private final AdaptiveAvgPool2d avgpool = add("avgpool", new AdaptiveAvgPool2d(1));
  private final Linear fc;

  private ResNet(boolean bottleneck, int[] blocks, int numClasses) {
    int widening = bottleneck ? BOTTLENECK : 1;
    layer1 = add("layer1", stage(bottleneck, 64, 64, blocks[0], 1));
    layer2 = add("layer2", stage(bottleneck, 64 * widening, 128, blocks[1], 2));
    layer3 = add("layer3", stage(bottleneck, 128 * widening, 256, blocks[2], 2));
    layer4 = add("layer4", stage(bottleneck, 256 * widening, 512, blocks[3], 2));
    fc = add("fc", new Linear(512 * widening, numClasses));
  }

  /** Of 18 layers, in blocks of two 3x3 convolutions. */
  public static ResNet resnet18(int numClasses) {
    return new ResNet(false, new int[] {2, 2, 2, 2}, numClasses);
  }

  /** Of 34 layers, in blocks of two 3x3 convolutions. */
  public static ResNet resnet34(int numClasses) {
    return new ResNet(false, new int[] {3, 4, 6, 3}, numClasses);
  }

  /** Of 50 layers, in bottlenecks of a 1x1, a 3x3 and a 1x1 convolution. */
  public static ResNet resnet50(int numClasses) {
    return new ResNet(true, new int[] {3, 4, 6, 3}, numClasses);
  }

  private static Sequential stage(boolean bottleneck, int ic, int width, int blocks, int stride) {
    var stage = new Sequential();
    for (int i = 0; i < blocks; i++) {
      Block block = new Block(bottleneck, ic, width, i == 0 ? stride : 1);
      stage.append(block);
      ic = block.oc;
    }
    return stage;
  }

  /** Without bias, and with as much padding as keeps the size; He et al.'s initialisation. */
  private static Conv2d conv(int ic, int oc, int kernel, int stride) {
    Conv2d conv = new Conv2d(ic, oc, kernel).stride(stride).padding(kernel / 2).bias(false);
    Init.kaimingNormal_(conv.weight(), 0, Fan.Mode.FAN_OUT, Nonlinearity.RELU);
    return conv;
  }

  @Override
  protected Tensor forward(Tensor images) {
    Tensor x = maxpool.call(relu.callBehind(bn1, conv1.call(images)));
    x = layer4.call(layer3.call(layer2.call(layer1.call(x))));
    return fc.call(avgpool.call(x).flatten(1));
  }

  /** Two or three convolutions, and a shortcut past them. */
  private static final class Block extends Module {
    final int oc;
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final @Nullable Conv2d conv3;
    private final @Nullable BatchNorm2d bn3;
    private final ReLU relu = add("relu", new ReLU(true));
    private final @Nullable Sequential downsample;

    Block(boolean bottleneck, int ic, int width, int stride) {
      oc = bottleneck ? width * BOTTLENECK : width;
      conv1 = add("conv1", bottleneck ? conv(ic, width, 1, 1) : conv(ic, width, 3, stride));
      bn1 = add("bn1", new BatchNorm2d(width));
      conv2 = add("conv2", conv(width, width, 3, bottleneck ? stride : 1));
      bn2 = add("bn2", new BatchNorm2d(width));
      conv3 = bottleneck ? add("conv3", conv(width, oc, 1, 1)) : null;
      bn3 = bottleneck ? add("bn3", new BatchNorm2d(oc)) : null;
      downsample =
          stride == 1 && ic == oc
              ? null
              : add("downsample", new Sequential(conv(ic, oc, 1, stride), new BatchNorm2d(oc)));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = conv2.call(relu.callBehind(bn1, conv1.call(x)));
      y =
          conv3 == null || bn3 == null
              ? bn2.call(y)
              : bn3.call(conv3.call(relu.callBehind(bn2, y)));
      return relu.callOfSum(y, downsample == null ? x : downsample.call(x));
    }
  }
}
