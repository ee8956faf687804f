package dev.crema.nn;

import static dev.crema.nn.Pair.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.crema.nn.init.Init;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Padding;
import dev.crema.tensor.PaddingMode;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The layers, their options, and how they start. */
class LayersTest {

  private static Shape shapeOf(Module layer, long... input) {
    return layer.eval().call(Tensor.zeros(input)).shape();
  }

  @Test
  void convolutionOfSeed003HasPyTorchsOutputShape() {
    var conv = new Conv2d(16, 33, pair(3, 5)).stride(2, 1).padding(4, 2).dilation(3, 1);
    assertThat(shapeOf(conv, 20, 16, 50, 100)).isEqualTo(Shape.of(20, 33, 26, 100));
  }

  @Test
  void tenFiltersOf3x3x3Have270WeightsAnd280Parameters() {
    var conv = new Conv2d(3, 10, 3);
    assertThat(conv.weight().numel()).isEqualTo(270);
    assertThat(numel(conv)).isEqualTo(280);
    assertThat(numel(new Conv2d(3, 10, 3).bias(false))).isEqualTo(270);
  }

  @Test
  void paddingSameKeepsTheSizeValidShrinksItAndFullGrowsIt() {
    assertThat(shapeOf(new Conv2d(3, 4, 5).padding(Padding.same()), 1, 3, 9, 7))
        .isEqualTo(Shape.of(1, 4, 9, 7));
    assertThat(shapeOf(new Conv2d(3, 4, 5).padding(Padding.valid()), 1, 3, 9, 7))
        .isEqualTo(Shape.of(1, 4, 5, 3));
    assertThat(shapeOf(new Conv2d(3, 4, 5).padding(Padding.full()), 1, 3, 9, 7))
        .isEqualTo(Shape.of(1, 4, 13, 11));
  }

  @Test
  void layersTakeOneImageWithoutABatch() {
    assertThat(shapeOf(new Conv2d(3, 4, 3), 3, 8, 8)).isEqualTo(Shape.of(4, 6, 6));
    assertThat(shapeOf(new MaxPool2d(2), 3, 8, 8)).isEqualTo(Shape.of(3, 4, 4));
    assertThat(shapeOf(new AdaptiveAvgPool2d(1), 3, 8, 8)).isEqualTo(Shape.of(3, 1, 1));
  }

  @Test
  void poolingTakesPyTorchsOptions() {
    assertThat(shapeOf(new MaxPool2d(3, 2), 1, 1, 8, 8)).isEqualTo(Shape.of(1, 1, 3, 3));
    assertThat(shapeOf(new MaxPool2d(3, 2).ceilMode(true), 1, 1, 8, 8))
        .isEqualTo(Shape.of(1, 1, 4, 4));
    assertThat(shapeOf(new MaxPool2d(2).dilation(2), 1, 1, 8, 8)).isEqualTo(Shape.of(1, 1, 3, 3));
    assertThat(shapeOf(new AvgPool2d(pair(2, 4)).padding(1, 0), 1, 1, 8, 8))
        .isEqualTo(Shape.of(1, 1, 5, 2));
    assertThat(shapeOf(new AdaptiveMaxPool2d(2, 3), 1, 1, 8, 8)).isEqualTo(Shape.of(1, 1, 2, 3));
    var corner =
        new AvgPool2d(2, 1).padding(1).countIncludePad(false).call(Tensor.ones(1, 1, 2, 2));
    assertThat(corner.toFloatArray()).containsOnly(1f);
  }

  @Test
  void groupsCutTheWeight() {
    var conv = new Conv2d(8, 16, 3).groups(4);
    assertThat(conv.weight().shape()).isEqualTo(Shape.of(16, 2, 3, 3));
    assertThatThrownBy(() -> new Conv2d(8, 16, 3).groups(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 input and 16 output channels do not fall into 3 groups");
  }

  @Test
  void defaultInitialisationFillsPyTorchsInterval() {
    var conv = Init.seeded(1, () -> new Sequential(new Conv2d(16, 64, 3).groups(2))).get(0);
    double bound = Math.sqrt(2.0 / (16 * 3 * 3));
    assertUniform(conv.parameters().get(0), bound);
    assertUniform(conv.parameters().get(1), bound);
    var linear = Init.seeded(2, () -> new Sequential(new Linear(100, 300))).get(0);
    assertUniform(linear.parameters().get(0), 0.1);
    assertUniform(linear.parameters().get(1), 0.1);
  }

  /** Inside the bounds, up to them, and with a uniform distribution's mean and variance. */
  private static void assertUniform(Tensor t, double bound) {
    double n = t.numel();
    try (Tensor plain = t.detach()) {
      assertThat(plain.abs().max().item()).isLessThanOrEqualTo(bound).isGreaterThan(0.9 * bound);
      double std = bound / Math.sqrt(3);
      assertThat(plain.mean().item()).isCloseTo(0, within(5 * std / Math.sqrt(n)));
      assertThat(plain.var().item()).isCloseTo(std * std, within(5 * std * std / Math.sqrt(n)));
    }
  }

  @Test
  void aSeedGivesTheSameWeightsWhateverTheGlobalGeneratorDoes() {
    float[] first = weight(Init.seeded(7, () -> new Linear(3, 4)));
    Generator.global().nextInt(10);
    assertThat(weight(Init.seeded(7, () -> new Linear(3, 4)))).containsExactly(first);
    assertThat(weight(Init.seeded(8, () -> new Linear(3, 4)))).isNotEqualTo(first);
  }

  private static float[] weight(Linear layer) {
    return layer.weight().toFloatArray();
  }

  @Test
  void optionsAreRefusedOnceTheWeightsAreMade() {
    var conv = new Conv2d(3, 4, 3);
    conv.weight();
    assertThatThrownBy(() -> conv.groups(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Conv2d.groups: expected before the layer is registered or used");
  }

  @Test
  void dropoutActsInTrainingOnly() {
    var dropout = Init.seeded(3, () -> new Dropout(0.25));
    Tensor x = Tensor.ones(10_000);
    Tensor y = dropout.call(x);
    assertThat(y.mean().item()).isCloseTo(1, within(0.03));
    assertThat(y.eq(0).sum().item()).isCloseTo(2500, within(250.0));
    assertThat(dropout.eval().call(x)).isSameAs(x);
    assertThatThrownBy(() -> new Dropout(1.5)).hasMessageContaining("from 0 to 1, got 1.5");
  }

  @Test
  void batchNormMovesItsStatisticsInTrainingAndUsesThemInInference() {
    var norm = new BatchNorm2d(2);
    Tensor x = Tensor.copyOf(new float[] {1, 3, 10, 30, 2, 6, 20, 60}, 2, 2, 1, 2);
    Tensor y = norm.call(x);
    assertThat(y.mean(0, 2, 3).toFloatArray()).containsExactly(new float[] {0, 0}, within(1e-6f));
    // Batch means 3 and 30; unbiased variances 14/3 and 1400/3.
    assertThat(norm.getBuffer("running_mean").toFloatArray())
        .containsExactly(new float[] {0.3f, 3f}, within(1e-6f));
    assertThat(norm.getBuffer("running_var").toFloatArray())
        .containsExactly(new float[] {0.9f + 1.4f / 3, 0.9f + 140f / 3}, within(1e-4f));
    assertThat(norm.getBuffer("num_batches_tracked").item()).isEqualTo(1);
    norm.eval();
    double expected = (1 - 0.3) / Math.sqrt(0.9 + 1.4 / 3 + 1e-5);
    assertThat(norm.call(x).toFloatArray()[0]).isCloseTo((float) expected, within(1e-5f));
    assertThat(norm.getBuffer("num_batches_tracked").item()).isEqualTo(1);
  }

  @Test
  void batchNormWithoutRunningStatisticsUsesTheBatchInInferenceToo() {
    var norm = new BatchNorm2d(1).affine(false).trackRunningStats(false);
    assertThat(norm.stateDict()).isEmpty();
    Tensor y = norm.eval().call(Tensor.copyOf(new float[] {1, 3}, 2, 1, 1, 1));
    assertThat(y.toFloatArray()).containsExactly(new float[] {-1, 1}, within(1e-4f));
  }

  @Test
  void localResponseNormFollowsThePapersFormula() {
    double[] x = {1, -2, 3, 4};
    Tensor y = new LocalResponseNorm(3, 0.3, 0.75, 2).call(Tensor.copyOf(x, 1, 4, 1, 1));
    double[] sums = {5, 14, 29, 25};
    for (int c = 0; c < 4; c++) {
      double expected = x[c] / Math.pow(2 + 0.1 * sums[c], 0.75);
      assertThat(y.toDoubleArray()[c]).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void flattenJoinsTheDimensionsItIsGiven() {
    assertThat(shapeOf(new Flatten(), 2, 3, 4, 5)).isEqualTo(Shape.of(2, 60));
    assertThat(shapeOf(new Flatten(0, 2), 2, 3, 4, 5)).isEqualTo(Shape.of(24, 5));
    assertThat(shapeOf(new Flatten(1, 2), 2, 3, 4, 5)).isEqualTo(Shape.of(2, 12, 5));
  }

  @Test
  void activationsAreTheirFormulas() {
    Tensor x = Tensor.copyOf(new double[] {-2, 0, 3});
    assertValues(new ReLU(true).call(x), 0, 0, 3);
    assertValues(new LeakyReLU().call(x), -0.02, 0, 3);
    assertValues(new LeakyReLU(0.1).call(x), -0.2, 0, 3);
    assertValues(new ELU(2).call(x), 2 * Math.expm1(-2), 0, 3);
    assertValues(new SiLU().call(x), -2 / (1 + Math.exp(2)), 0, 3 / (1 + Math.exp(-3)));
    assertValues(new Sigmoid().call(x), 1 / (1 + Math.exp(2)), 0.5, 1 / (1 + Math.exp(-3)));
    assertValues(new Tanh().call(x), Math.tanh(-2), 0, Math.tanh(3));
    double sum = Math.exp(-2) + 1 + Math.exp(3);
    assertValues(new Softmax(0).call(x), Math.exp(-2) / sum, 1 / sum, Math.exp(3) / sum);
    assertThat(new Identity().call(x)).isSameAs(x);
  }

  private static void assertValues(Tensor t, double... expected) {
    assertThat(t.toDoubleArray()).containsExactly(expected, within(1e-12));
  }

  @Test
  void convolutionPadsWithTheModeItIsGiven() {
    var conv = new Conv2d(1, 1, 3).padding(1).paddingMode(PaddingMode.REPLICATE).bias(false);
    Init.ones_(conv.weight());
    assertThat(conv.call(Tensor.ones(1, 1, 4, 4)).toFloatArray()).containsOnly(9f);
  }

  private static long numel(Module m) {
    return m.parameters().stream().mapToLong(Tensor::numel).sum();
  }
}
