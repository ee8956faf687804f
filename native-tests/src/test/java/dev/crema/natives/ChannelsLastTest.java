package dev.crema.natives;

import static dev.crema.tensor.MemoryFormat.CHANNELS_LAST;
import static dev.crema.tensor.MemoryFormat.CONTIGUOUS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.nn.Conv2d;
import dev.crema.nn.CrossEntropyLoss;
import dev.crema.nn.Flatten;
import dev.crema.nn.Module;
import dev.crema.nn.Sequential;
import dev.crema.nn.data.Batch;
import dev.crema.nn.optim.SGD;
import dev.crema.nn.train.Trainer;
import dev.crema.tensor.Activation;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Channels-last on the CPU-executing driver: also, that the format goes from op to op. */
@OnCpuDriver
@Execution(ExecutionMode.SAME_THREAD)
final class ChannelsLastTest extends ChannelsLastSteps {
  private static final Device CUDA = Device.cuda();

  @Test
  void opsOnImagesKeepIt() {
    try (Scope _ = Scope.open("ops")) {
      Tensor x = images(4, 6, 8, 8).contiguous(CHANNELS_LAST);
      Tensor w = Tensor.randn(6, 6, 3, 3).to(CUDA);
      Tensor one = Tensor.full(Shape.of(6), 1, DType.F32, CUDA);
      var options = Conv2dOptions.DEFAULT.padding(1).activation(Activation.RELU);
      assertKept(x);
      assertKept(x.conv2d(w, one, options));
      assertKept(x.conv2d(w, one, options.padding(0).stride(8)));
      assertKept(x.maxPool2d(Pool2dOptions.kernel(2)));
      assertKept(x.adaptiveAvgPool2d(1, 1));
      assertKept(x.batchNormTraining(one, one, null, null, 0.1, 1e-5, Activation.RELU));
      assertKept(x.relu());
      assertKept(x.add(images(4, 6, 8, 8)));
      assertKept(images(4, 6, 8, 8).mul(x));
      assertKept(x.to(DType.F64));
      assertKept(Tensor.cat(List.of(x, x), 1));
      assertKept(x.slice(0, 1, 3).relu());
      assertKept(images(4, 1, 8, 8).contiguous(CHANNELS_LAST).relu());
    }
  }

  @Test
  void othersAreRowMajor() {
    try (Scope _ = Scope.open("ops")) {
      Tensor x = images(4, 6, 8, 8).contiguous(CHANNELS_LAST);
      assertThat(x.flatten(1).isContiguous()).isTrue();
      assertThat(x.contiguous().relu().layout().format()).isEqualTo(CONTIGUOUS);
      assertThat(images(4, 1, 8, 8).relu().layout().format()).isEqualTo(CONTIGUOUS);
      assertThat(Tensor.zeros(3, 4, 5).contiguous(CHANNELS_LAST).isContiguous()).isTrue();
      assertThat(Tensor.randn(4, 6, 8, 8).contiguous(CHANNELS_LAST).relu().layout().format())
          .as("on the CPU")
          .isEqualTo(CONTIGUOUS);
    }
  }

  /** The images and the one 3x3 weight on the way in, and its gradient on the way out. */
  @Test
  void aBlockCopiesOnlyWeights() {
    try (Scope _ = Scope.open("block")) {
      Tensor x = images(4, 32, 8, 8).contiguous(CHANNELS_LAST);
      Tensor narrow = Tensor.randn(32, 32, 1, 1).to(CUDA).requiresGrad_();
      Tensor wide = Tensor.randn(32, 32, 3, 3).to(CUDA).requiresGrad_();
      Tensor one = Tensor.full(Shape.of(32), 1, DType.F32, CUDA);
      Tensor scale = one.copy().requiresGrad_();
      Tensor bias = one.copy().requiresGrad_();
      Tensor gy = images(4, 32, 4, 4).contiguous(CHANNELS_LAST);
      gy.toFloatArray();
      CpuDriver.get().reset();
      Tensor y = x.conv2d(narrow, null, Conv2dOptions.DEFAULT);
      y = y.batchNormTraining(scale, bias, null, null, 0.1, 1e-5, Activation.RELU);
      y = y.conv2d(wide, bias, Conv2dOptions.DEFAULT.padding(1)).add(y).relu();
      y.maxPool2d(Pool2dOptions.kernel(2)).backward(gy, false, false);
      one.toFloatArray();
      Map<String, Long> copies = new TreeMap<>(CpuDriver.get().launches());
      copies.keySet().removeIf(kernel -> !kernel.startsWith("move"));
      assertThat(copies.values().stream().mapToLong(Long::longValue).sum())
          .as(copies.toString())
          .isEqualTo(2);
    }
  }

  @Test
  void theTrainerGivesImagesSoInGraphsToo() {
    float[] plain = trained(false);
    assertThat(trained(true)).containsExactly(plain);
  }

  /** A convolution's weight after four steps on images that it saw in channels-last. */
  private static float[] trained(boolean graphs) {
    List<MemoryFormat> seen = new ArrayList<>();
    Generator.manualSeed(11);
    var conv = new Conv2d(3, 5, 3);
    var watch =
        new Module() {
          @Override
          protected Tensor forward(Tensor x) {
            seen.add(x.layout().format());
            return x;
          }
        };
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Tensor labels = Tensor.copyOf(new long[] {0, 1, 2});
      batches.add(new Batch(Tensor.randn(3, 3, 6, 6), labels));
    }
    try (Module model = new Sequential(watch, conv, watch, new Flatten()).to(CUDA);
        var sgd = new SGD(model.parameters(), 0.1)) {
      new Trainer(model, new CrossEntropyLoss(), sgd)
          .channelsLast(true)
          .graphs(graphs)
          .train(batches);
      assertThat(seen).isNotEmpty().containsOnly(CHANNELS_LAST);
      return conv.weight().toFloatArray();
    }
  }

  private static void assertKept(Tensor y) {
    assertThat(y.layout().format()).as(y.layout().toString()).isEqualTo(CHANNELS_LAST);
  }
}
