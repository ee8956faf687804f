package dev.crema.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.crema.autograd.NoGrad;
import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.nn.Module;
import dev.crema.nn.init.Init;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The networks: print-outs, sizes, shapes, names. */
class ModelsTest {

  @Test
  void simpleCnnOfSeed001PrintsLineForLine() {
    assertThat(new SimpleCNN(10))
        .hasToString(
            """
            SimpleCNN(
              (conv1): Conv2d(3, 32, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
              (conv2): Conv2d(32, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
              (conv3): Conv2d(64, 128, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
              (pool): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
              (fc1): Linear(in_features=2048, out_features=512, bias=True)
              (fc2): Linear(in_features=512, out_features=10, bias=True)
              (dropout): Dropout(p=0.5, inplace=False)
            )\
            """);
  }

  /** The seed states 1,081,930, but its own layers, printed above, add up to 65,536 more. */
  @Test
  void simpleCnnOfSeed001HasItsLayersParametersAndOutputShape() {
    Module model = new SimpleCNN(10);
    assertThat(parameters(model))
        .isEqualTo(
            (27 * 32 + 32)
                + (32 * 9 * 64 + 64)
                + (64 * 9 * 128 + 128)
                + (2048 * 512 + 512)
                + (512 * 10 + 10))
        .isEqualTo(1_147_466);
    assertThat(model.call(Tensor.randn(1, 3, 32, 32)).shape()).isEqualTo(Shape.of(1, 10));
  }

  @Test
  void alexNetPrintsAsInPyTorch() {
    assertThat(new AlexNet())
        .hasToString(
            """
            AlexNet(
              (features): Sequential(
                (0): Conv2d(3, 64, kernel_size=(11, 11), stride=(4, 4), padding=(2, 2))
                (1): ReLU(inplace=True)
                (2): MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)
                (3): Conv2d(64, 192, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))
                (4): ReLU(inplace=True)
                (5): MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)
                (6): Conv2d(192, 384, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
                (7): ReLU(inplace=True)
                (8): Conv2d(384, 256, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
                (9): ReLU(inplace=True)
                (10): Conv2d(256, 256, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
                (11): ReLU(inplace=True)
                (12): MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)
              )
              (avgpool): AdaptiveAvgPool2d(output_size=(6, 6))
              (classifier): Sequential(
                (0): Dropout(p=0.5, inplace=False)
                (1): Linear(in_features=9216, out_features=4096, bias=True)
                (2): ReLU(inplace=True)
                (3): Dropout(p=0.5, inplace=False)
                (4): Linear(in_features=4096, out_features=4096, bias=True)
                (5): ReLU(inplace=True)
                (6): Linear(in_features=4096, out_features=1000, bias=True)
              )
            )\
            """);
  }

  @Test
  void alexNetHasTorchvisionsParametersNamesAndMultiplyAdds() {
    try (Module model = new AlexNet()) {
      assertThat(model.stateDict().keySet())
          .containsExactly(
              "features.0.weight",
              "features.0.bias",
              "features.3.weight",
              "features.3.bias",
              "features.6.weight",
              "features.6.bias",
              "features.8.weight",
              "features.8.bias",
              "features.10.weight",
              "features.10.bias",
              "classifier.1.weight",
              "classifier.1.bias",
              "classifier.4.weight",
              "classifier.4.bias",
              "classifier.6.weight",
              "classifier.6.bias");
      var summary = model.summary(1, 3, 224, 224);
      assertThat(summary.parameters()).isEqualTo(61_100_840);
      assertThat(summary.multiplyAdds())
          .isEqualTo(
              55L * 55 * 64 * 3 * 121
                  + 27L * 27 * 192 * 64 * 25
                  + 13L * 13 * 9 * (384 * 192 + 256 * 384 + 256 * 256)
                  + 9216L * 4096
                  + 4096L * 4096
                  + 4096L * 1000)
          .isEqualTo(714_188_480);
    }
  }

  @Test
  void resNetsHaveTorchvisionsParametersNamesAndMultiplyAdds() {
    try (Module small = ResNet.resnet18(1000);
        Module large = ResNet.resnet50(1000)) {
      assertThat(parameters(small)).isEqualTo(11_689_512);
      assertThat(parameters(large)).isEqualTo(25_557_032);
      assertThat(small.stateDict().keySet())
          .hasSize(122)
          .contains("layer1.0.conv1.weight", "layer2.0.downsample.0.weight", "fc.bias")
          .doesNotContain("layer1.0.downsample.0.weight");
      assertThat(large.stateDict().keySet())
          .hasSize(320)
          .contains("layer1.0.downsample.1.running_mean", "layer4.2.conv3.weight");
      assertThat(large.getParameter("layer2.0.conv2.weight").shape())
          .isEqualTo(Shape.of(128, 128, 3, 3));
      assertThat(small.summary(1, 3, 224, 224).multiplyAdds()).isEqualTo(1_814_073_344);
      assertThat(large.summary(1, 3, 224, 224).multiplyAdds()).isEqualTo(4_089_184_256L);
    }
  }

  @Test
  void alexNet2012HasThePapersParametersAndInitialisation() {
    try (Module model = new AlexNet2012();
        var _ = NoGrad.open()) {
      assertThat(parameters(model)).isEqualTo(60_965_224);
      assertThat(model.getParameter("features.4.weight").shape())
          .isEqualTo(Shape.of(256, 48, 5, 5));
      assertThat(model.getParameter("features.0.bias").toFloatArray()).containsOnly(0f);
      assertThat(model.getParameter("features.4.bias").toFloatArray()).containsOnly(0.1f);
      assertThat(model.getParameter("features.8.bias").toFloatArray()).containsOnly(0f);
      assertThat(model.getParameter("features.10.bias").toFloatArray()).containsOnly(0.1f);
      assertThat(model.getParameter("classifier.3.bias").toFloatArray()).containsOnly(0.1f);
      assertThat(model.getParameter("classifier.6.bias").toFloatArray()).containsOnly(0f);
      assertThat(model.getParameter("features.8.weight").var().item())
          .isCloseTo(1e-4, within(1e-6));
    }
  }

  @Test
  void leNet5HasThePapersParametersLayerByLayer() {
    Map<String, Module> layers = new LeNet5().children();
    assertThat(layers.entrySet().stream().map(e -> e.getKey() + " " + parameters(e.getValue())))
        .containsExactly(
            "c1 156", "s2 12", "c3 1516", "s4 32", "c5 48120", "f6 10164", "output 850");
  }

  @Test
  void leNet5sThirdLayerLeavesNothingBehind() {
    Backend cpu = Backends.get(Device.cpu());
    long before = cpu.memoryStats().liveBuffers();
    Module c3 = new TableConv2d(6, TableConv2d.LENET5, 5);
    assertThat(c3.parameters()).hasSize(2);
    assertThat(cpu.memoryStats().liveBuffers()).isEqualTo(before + 2);
    c3.close();
    assertThat(cpu.memoryStats().liveBuffers()).isEqualTo(before);
  }

  @Test
  void leNet5sThirdLayerIgnoresMapsThatItsTableLeavesOut() {
    try (var _ = NoGrad.open()) {
      Module c3 = Init.seeded(1, () -> new LeNet5()).getSubmodule("c3");
      Tensor x =
          Tensor.uniform(0, 1, Shape.of(1, 6, 5, 5), DType.F32, Device.cpu(), Generator.of(2));
      float[] before = c3.call(x).toFloatArray();
      x.select(1, 3).zero_();
      float[] after = c3.call(x).toFloatArray();
      for (int oc = 0; oc < 16; oc++) {
        boolean sees = Arrays.stream(TableConv2d.LENET5[oc]).anyMatch(map -> map == 3);
        assertThat(before[oc] != after[oc]).as("map %d", oc).isEqualTo(sees);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lenet, 61706",
    "lenet5, 60850",
    "simple-cnn, 1147466",
    "simple-cnn-000, 545098",
    "simple-cnn-002, 5258",
    "simple-cnn-004, 421642",
    "cnn-batchnorm, 60554",
  })
  void everySmallModelTakesItsImagesAndHasItsParameters(String name, long parameters) {
    ModelSpec spec = Models.get(name);
    Module model = spec.create();
    assertThat(parameters(model)).isEqualTo(parameters);
    long[] c = spec.imageShape().sizes();
    assertThat(model.call(Tensor.rand(2, c[0], c[1], c[2])).shape()).isEqualTo(Shape.of(2, 10));
    assertThat(spec.create(7).call(Tensor.rand(1, c[0], c[1], c[2])).shape())
        .isEqualTo(Shape.of(1, 7));
  }

  @Test
  void theSeedsNamesArePrinted() {
    assertThat(new SimpleCNN000().toString())
        .startsWith("SimpleCNN(\n  (conv1)")
        .contains("(pool)");
    assertThat(new SimpleCNN002().toString()).startsWith("SimpleCNN(\n  (conv1): Conv2d(1, 8, ");
    assertThat(new SimpleCNN004().toString())
        .startsWith("SimpleCNN(\n")
        .contains("(relu3): ReLU()");
    assertThat(new CNNWithBatchNorm().toString())
        .startsWith("CNNWithBatchNorm(\n")
        .endsWith("(fc): Linear(in_features=16384, out_features=10, bias=True)\n)");
    assertThat(new LeNet5().toString()).contains("(c3): TableConv2d(6, 16, kernel_size=(5, 5)");
  }

  @Test
  void leNetTakes32x32And28x28WithABorder() {
    Module model = Init.seeded(1, () -> new LeNet()).eval();
    Tensor small = Tensor.rand(1, 1, 28, 28);
    Tensor wide = Tensor.zeros(1, 1, 32, 32);
    wide.slice(2, 2, 30).slice(3, 2, 30).copy_(small);
    assertThat(model.call(small).toFloatArray()).containsExactly(model.call(wide).toFloatArray());
    assertThatThrownBy(() -> model.call(Tensor.rand(1, 1, 30, 30)))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("classifier.0 (Linear): linear: ");
  }

  @Test
  void anUnknownNameIsAnErrorThatListsTheKnownOnes() {
    assertThatThrownBy(() -> Models.get("lanet"))
        .hasMessageStartingWith("no model 'lanet'; there are lenet, lenet5, simple-cnn");
    assertThat(Models.all()).extracting(ModelSpec::name).contains("alexnet", "alexnet-2012");
  }

  private static long parameters(Module model) {
    return model.parameters().stream().mapToLong(Tensor::numel).sum();
  }
}
