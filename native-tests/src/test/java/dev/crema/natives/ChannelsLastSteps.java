package dev.crema.natives;

import static dev.crema.tensor.MemoryFormat.CHANNELS_LAST;
import static dev.crema.tensor.MemoryFormat.CONTIGUOUS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.autograd.Autocast;
import dev.crema.nn.Flatten;
import dev.crema.nn.Linear;
import dev.crema.nn.Module;
import dev.crema.nn.Sequential;
import dev.crema.nn.models.AlexNet;
import dev.crema.nn.models.ResNet;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A step of training in channels-last has the gradients of a row-major one, but for rounding. */
abstract class ChannelsLastSteps {
  private static final Device CUDA = Device.cuda();

  /** Sums in other orders, through as many layers as a ResNet-18 has. */
  private static final double BOUND = 2e-3;

  /**
   * In bf16 a unit in the last place is 2^-8; where one falls otherwise, the layers behind see it.
   */
  private static final double BF16_BOUND = 2e-2;

  @Test
  void aStepOfResNetIsThatOfRowMajor() {
    compare(() -> ResNet.resnet18(10), images(4, 3, 32, 32), DType.F32, BOUND);
  }

  /** Its convolutions and poolings; its linear layers see no images. */
  @Test
  void aStepOfAlexNetIsThatOfRowMajor() {
    compare(ChannelsLastSteps::alexNet, images(4, 3, 64, 64), DType.F32, BOUND);
  }

  @Test
  void soIsOneInMixedPrecision() {
    compare(ChannelsLastSteps::alexNet, images(4, 3, 64, 64), DType.BF16, BF16_BOUND);
  }

  private static Module alexNet() {
    return new Sequential(new AlexNet(10).features(), new Flatten(), new Linear(256, 10));
  }

  private static void compare(
      Supplier<Module> network, Tensor images, DType precision, double bound) {
    List<double[]> rows = step(network, images, precision, CONTIGUOUS);
    List<double[]> last = step(network, images, precision, CHANNELS_LAST);
    images.close();
    double apart = 0;
    for (int i = 0; i < rows.size(); i++) {
      apart = Math.max(apart, distance(rows.get(i), last.get(i)));
    }
    System.out.printf("%s: apart by %.1e of a gradient's length%n", precision, apart);
    assertThat(apart).isLessThan(bound);
    assertThat(apart).as("other sums than row-major's").isPositive();
  }

  /** The loss, and each parameter's gradient. */
  private static List<double[]> step(
      Supplier<Module> network, Tensor images, DType precision, MemoryFormat format) {
    Generator.manualSeed(5);
    List<double[]> result = new ArrayList<>();
    try (Module model = network.get();
        Scope _ = Scope.open("step")) {
      model.to(CUDA);
      Tensor labels = Tensor.zeros(Shape.of(images.size(0)), DType.I64, CUDA);
      Tensor loss;
      try (var _ = Autocast.open(precision)) {
        loss = model.call(images.contiguous(format)).crossEntropy(labels);
      }
      loss.backward();
      result.add(loss.toDoubleArray());
      for (Tensor parameter : model.parameters()) {
        Tensor gradient = parameter.grad();
        assertThat(gradient).isNotNull();
        assertThat(gradient.isContiguous()).isTrue();
        result.add(gradient.toDoubleArray());
      }
    }
    return result;
  }

  /** How far apart, in parts of the length. */
  private static double distance(double[] a, double[] b) {
    double apart = 0;
    double length = 0;
    for (int i = 0; i < a.length; i++) {
      apart += (a[i] - b[i]) * (a[i] - b[i]);
      length += a[i] * a[i];
    }
    return Math.sqrt(apart) / Math.max(Math.sqrt(length), 1e-12);
  }

  static Tensor images(long... shape) {
    Generator.manualSeed(3);
    return Tensor.randn(shape).to(CUDA);
  }
}
