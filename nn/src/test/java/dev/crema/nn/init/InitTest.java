package dev.crema.nn.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.crema.nn.init.Fan.Mode;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Fans, gains, and that what is drawn has the mean, variance and bounds asked for. */
class InitTest {

  /** A convolution's weight with fan in 50·9 = 450 and fan out 80·9 = 720. */
  private static Tensor weight() {
    return Tensor.zeros(80, 50, 3, 3).requiresGrad_();
  }

  private static void assertSpread(Tensor w, double variance) {
    try (Tensor t = w.detach()) {
      double n = t.numel();
      assertThat(t.mean().item()).isCloseTo(0, within(5 * Math.sqrt(variance / n)));
      assertThat(t.var().item()).isCloseTo(variance, within(variance * 10 / Math.sqrt(n)));
    }
  }

  private static void assertBounded(Tensor w, double bound) {
    try (Tensor t = w.detach()) {
      assertThat(t.abs().max().item()).isCloseTo(bound, within(0.01 * bound));
      assertThat(t.abs().max().item()).isLessThanOrEqualTo(bound * (1 + 1e-6));
    }
  }

  @Test
  void fansCountWindows() {
    assertThat(Fan.of(Shape.of(80, 50, 3, 3))).isEqualTo(new Fan(450, 720));
    assertThat(Fan.of(Shape.of(10, 84))).isEqualTo(new Fan(84, 10));
    assertThatThrownBy(() -> Fan.of(Shape.of(5)))
        .hasMessage("fan: expected a weight [out, in, ..], got shape [5]");
  }

  @Test
  void gainsArePyTorchs() {
    assertThat(Init.calculateGain(Nonlinearity.LINEAR, 0)).isEqualTo(1);
    assertThat(Init.calculateGain(Nonlinearity.SIGMOID, 0)).isEqualTo(1);
    assertThat(Init.calculateGain(Nonlinearity.TANH, 0)).isEqualTo(5.0 / 3);
    assertThat(Init.calculateGain(Nonlinearity.RELU, 0)).isEqualTo(Math.sqrt(2));
    assertThat(Init.calculateGain(Nonlinearity.LEAKY_RELU, 0.5)).isEqualTo(Math.sqrt(2 / 1.25));
  }

  @Test
  void kaimingKeepsTheVarianceOfOneFan() {
    Tensor uniform = Init.kaimingUniform_(weight(), 0, Mode.FAN_IN, Nonlinearity.RELU);
    assertSpread(uniform, 2.0 / 450);
    assertBounded(uniform, Math.sqrt(6.0 / 450));
    assertSpread(Init.kaimingNormal_(weight(), 0, Mode.FAN_OUT, Nonlinearity.RELU), 2.0 / 720);
    // PyTorch's default for layers: slope √5 makes the bound 1 / √fan.
    Tensor layer =
        Init.kaimingUniform_(weight(), Math.sqrt(5), Mode.FAN_IN, Nonlinearity.LEAKY_RELU);
    assertBounded(layer, 1 / Math.sqrt(450));
  }

  @Test
  void xavierKeepsTheVarianceOfBothFans() {
    Tensor uniform = Init.xavierUniform_(weight(), 2);
    assertSpread(uniform, 4 * 2.0 / (450 + 720));
    assertBounded(uniform, 2 * Math.sqrt(6.0 / (450 + 720)));
    assertSpread(Init.xavierNormal_(weight(), 1), 2.0 / (450 + 720));
  }

  @Test
  void plainFillsChangeParametersInPlace() {
    Tensor w = weight();
    assertThat(Init.ones_(w)).isSameAs(w);
    assertThat(w.toFloatArray()).containsOnly(1f);
    assertThat(Init.zeros_(w).toFloatArray()).containsOnly(0f);
    assertThat(Init.constant_(w, 3).toFloatArray()).containsOnly(3f);
    assertSpread(Init.normal_(w, 0, 0.1), 0.01);
    assertBounded(Init.uniform_(w, -2, 2), 2);
    assertThat(w.requiresGrad()).isTrue();
  }

  @Test
  void aGeneratorOfOnesOwnGivesTheSameNumbersAgain() {
    float[] first = Init.normal_(weight(), 0, 1, Generator.of(3)).toFloatArray();
    assertThat(Init.normal_(weight(), 0, 1, Generator.of(3)).toFloatArray()).containsExactly(first);
    float[] seeded = Init.seeded(3, () -> Init.normal_(weight(), 0, 1)).toFloatArray();
    assertThat(seeded).containsExactly(first);
  }
}
