package dev.crema.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.crema.autograd.NoGrad;
import dev.crema.nn.data.Batch;
import dev.crema.nn.data.Cifar10;
import dev.crema.nn.data.DataLoader;
import dev.crema.nn.data.LoaderOptions;
import dev.crema.nn.data.Normalize;
import dev.crema.nn.io.Safetensors;
import dev.crema.nn.testing.RealData;
import dev.crema.nn.train.Metrics;
import dev.crema.tensor.DType;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A ResNet-20 that was trained with PyTorch computes here what it computes there. */
class PyTorchCheckpointTest {

  /** Two convolutions beside a shortcut that halves the image and pads channels (option A). */
  private static final class Block extends Module {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final int added;

    Block(int in, int out) {
      added = out - in;
      conv1 = add("conv1", conv3x3(in, out).stride(added == 0 ? 1 : 2));
      bn1 = add("bn1", new BatchNorm2d(out));
      conv2 = add("conv2", conv3x3(out, out));
      bn2 = add("bn2", new BatchNorm2d(out));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = bn1.call(conv1.call(x)).relu();
      return bn2.call(conv2.call(y)).add(shortcut(x)).relu();
    }

    private Tensor shortcut(Tensor x) {
      if (added == 0) {
        return x;
      }
      Tensor half = x.slice(2, 0, x.size(2), 2).slice(3, 0, x.size(3), 2);
      Shape shape = half.shape().with(1, added / 2);
      Tensor zeros = Tensor.zeros(shape, x.dtype(), x.device());
      return Tensor.cat(List.of(zeros, half, zeros), 1);
    }
  }

  private static Conv2d conv3x3(int in, int out) {
    return new Conv2d(in, out, 3).padding(1).bias(false);
  }

  private static final class ResNet20 extends Module {
    private final Conv2d conv1 = add("conv1", conv3x3(3, 16));
    private final BatchNorm2d bn1 = add("bn1", new BatchNorm2d(16));
    private final Sequential layer1 = add("layer1", stage(16, 16));
    private final Sequential layer2 = add("layer2", stage(16, 32));
    private final Sequential layer3 = add("layer3", stage(32, 64));
    private final Linear linear = add("linear", new Linear(64, 10));

    private static Sequential stage(int in, int out) {
      return new Sequential(new Block(in, out), new Block(out, out), new Block(out, out));
    }

    @Override
    protected Tensor forward(Tensor images) {
      Tensor x = bn1.call(conv1.call(images)).relu();
      x = layer3.call(layer2.call(layer1.call(x)));
      return linear.call(x.mean(2, 3));
    }
  }

  @Test
  void resNet20GivesItsLogitsAndItsAccuracy() throws IOException {
    var images = Cifar10.read(List.of(RealData.at("cifar10/test_batch_first1000.bin")));
    var checkpoint = RealData.at("models/resnet20-12fca82f.safetensors");
    double[] expected =
        logits(Files.readString(RealData.at("models/resnet20-12fca82f-expected.json")));
    try (var model = new ResNet20();
        var _ = Scope.open("test");
        var _ = NoGrad.open()) {
      model.loadStateDict(Safetensors.read(checkpoint));
      model.eval();
      var options = LoaderOptions.DEFAULT.batchSize(250).transform(Normalize.IMAGENET);
      var metrics = new Metrics();
      for (Batch batch : new DataLoader(images, options)) {
        try (batch;
            var _ = Scope.open("batch")) {
          Tensor scores = model.call(batch.images());
          if (metrics.count() == 0) {
            assertThat(scores.slice(0, 0, 16).to(DType.F64).toDoubleArray())
                .containsExactly(expected, within(2e-4));
          }
          metrics.add(scores.crossEntropy(batch.labels()), scores, batch.labels());
        }
      }
      assertThat(metrics.correct()).isEqualTo(915);
    }
  }

  /** The numbers of {@code "logits": [[..], ..]}. */
  private static double[] logits(String json) {
    var found = Pattern.compile("\"logits\":\\s*\\[(.*?)]\\s*]", Pattern.DOTALL).matcher(json);
    assertThat(found.find()).isTrue();
    return Pattern.compile("-?[0-9.]+")
        .matcher(found.group(1))
        .results()
        .mapToDouble(number -> Double.parseDouble(number.group()))
        .toArray();
  }
}
