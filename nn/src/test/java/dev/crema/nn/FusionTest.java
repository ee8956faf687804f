package dev.crema.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.crema.autograd.NoGrad;
import dev.crema.nn.models.CNNWithBatchNorm;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Batch norms folded into convolutions. */
class FusionTest {

  /** In inference mode, with batch norms that leave nothing as it is. */
  private static <M extends Module> M trained(M model) {
    Generator.manualSeed(3);
    try (var _ = NoGrad.open()) {
      model.apply(
          m -> {
            if (m instanceof BatchNorm2d) {
              m.stateDict().values().stream()
                  .filter(t -> t.dtype().isFloating())
                  .forEach(t -> t.copy_(Tensor.rand(t.shape().sizes()).add(0.3)));
            }
          });
    }
    model.eval();
    return model;
  }

  private static void assertSameResult(Module model, Tensor x, Runnable change) {
    float[] before = model.call(x).toFloatArray();
    change.run();
    float[] after = model.call(x).toFloatArray();
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i]).isCloseTo(before[i], within(1e-5f * (1 + Math.abs(before[i]))));
    }
  }

  private static final class Block extends Module {
    final Conv2d conv1 = add("conv1", new Conv2d(2, 3, 3).bias(false).padding(1));
    final BatchNorm2d bn1 = add("bn1", new BatchNorm2d(3).affine(false));
    final Conv2d conv2 = add("conv2", new Conv2d(3, 3, 1));
    final BatchNorm2d bn2 = add("bn2", new BatchNorm2d(3));
    final Conv2d twice = add("twice", new Conv2d(3, 3, 1));
    final BatchNorm2d bn3 = add("bn3", new BatchNorm2d(3));

    @Override
    protected Tensor forward(Tensor images) {
      Tensor x = bn1.call(conv1.call(images)).relu();
      Tensor y = conv2.call(x);
      y = bn2.call(y).add(y); // a second use of the convolution's result
      return bn3.call(twice.call(twice.call(y)));
    }
  }

  @Test
  void theNetworkOfTheCourseHasNoBatchNormLeft() {
    var model = trained(new CNNWithBatchNorm(10, 32));
    assertSameResult(model, Tensor.randn(4, 3, 32, 32), () -> model.fuse(1, 3, 32, 32));
    assertThat(model.stateDict().keySet())
        .containsExactly(
            "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc.weight", "fc.bias");
    assertThat(model.toString()).contains("track_running_stats=True, folded)");
  }

  @Test
  void onlyAConvolutionOfItsOwnTakesABatchNormOver() {
    var model = trained(new Block());
    assertSameResult(model, Tensor.randn(2, 2, 5, 4), () -> model.fuse(1, 2, 5, 4));
    assertThat(model.bn1.canFold()).isFalse();
    assertThat(model.conv1.bias()).isNotNull();
    assertThat(model.bn2.canFold()).isTrue();
    assertThat(model.bn3.canFold()).isTrue();
    assertSameResult(model, Tensor.randn(2, 2, 5, 4), () -> model.fuse(1, 2, 5, 4));
  }

  @Test
  void inSequentialTheReluBehindIsPartOfTheConvolutionToo() {
    Sequential model = trained(new Sequential(new Conv2d(1, 2, 3), new BatchNorm2d(2), new ReLU()));
    Tensor x = Tensor.randn(1, 1, 6, 6);
    assertSameResult(model, x, () -> model.fuse(1, 1, 6, 6));
    Tensor y = model.call(x);
    assertThat(y.node()).isNotNull().extracting(n -> n.op()).isEqualTo("conv2d");
  }

  @Test
  void aFusedModelIsForInference() {
    var model = new Block();
    assertThatIllegalStateException()
        .isThrownBy(() -> model.fuse(1, 2, 5, 4))
        .withMessage("Block.fuse: expected inference mode. Hint: call eval() first");
    model.eval().fuse(1, 2, 5, 4).train();
    assertThatIllegalStateException()
        .isThrownBy(() -> model.call(Tensor.zeros(2, 2, 5, 4)))
        .withMessageContaining("was folded into the convolution before it");
  }
}
