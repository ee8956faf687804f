package dev.crema.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.nn.StateDictException;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PyTorch's rules for the scale, and what a step that is left out leaves behind. */
class GradScalerTest {
  private final Tensor p = Tensor.copyOf(new float[] {1, -2, 3}).requiresGrad_();

  @Test
  void theLossIsScaledAndTheGradientScaledBack() {
    try (var scaler = new GradScaler();
        var sgd = new SGD(List.of(p), 0.5)) {
      Tensor loss = p.square().sum();
      assertThat(scaler.scale(loss).item()).isEqualTo(14 * 65536.0);
      scaler.scale(loss).backward();
      scaler.unscale_(sgd);
      assertThat(Objects.requireNonNull(p.grad()).toFloatArray()).containsExactly(2, -4, 6);
      scaler.step(sgd);
      scaler.update();
      assertThat(p.toFloatArray()).containsExactly(0, 0, 0);
      assertThat(scaler.getScale()).isEqualTo(65536);
    }
  }

  @Test
  void itGrowsAfterTheIntervalAndBacksOffAfterAnOverflow() {
    try (var scaler = new GradScaler().initScale(8).growthInterval(3);
        var sgd = new SGD(List.of(p), 0.01)) {
      double[] scales = new double[9];
      for (int i = 0; i < 9; i++) {
        step(scaler, sgd, i == 4 ? Float.POSITIVE_INFINITY : 1);
        scales[i] = scaler.getScale();
      }
      assertThat(scales).containsExactly(8, 8, 16, 16, 8, 8, 8, 16, 16);
    }
  }

  @Test
  void factorsAreItsUsers() {
    try (var scaler =
            new GradScaler().initScale(10).growthFactor(3).backoffFactor(0.25).growthInterval(1);
        var sgd = new SGD(List.of(p), 0.01)) {
      step(scaler, sgd, 1);
      assertThat(scaler.getScale()).isEqualTo(30);
      step(scaler, sgd, Float.NaN);
      assertThat(scaler.getScale()).isEqualTo(7.5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "momentum", "adam", "adamw", "rmsprop", "adagrad"})
  void anOverflowLeavesEverythingAsItWasBitForBit(String name) {
    Function<Tensor, Optimizer> make = parameter -> optimizer(name, parameter);
    Tensor other = Tensor.copyOf(new float[] {1, -2, 3}).requiresGrad_();
    try (var scaler = new GradScaler().initScale(4);
        var plainScaler = new GradScaler().initScale(4);
        Optimizer skipping = make.apply(p);
        Optimizer plain = make.apply(other)) {
      step(scaler, skipping, Float.NEGATIVE_INFINITY); // before there is any state
      assertThat(p.toFloatArray()).containsExactly(1, -2, 3);
      for (int i = 1; i < 4; i++) {
        step(scaler, skipping, i);
        scaler.initScale(4);
        step(plainScaler, plain, i, other);
        float[] before = p.toFloatArray();
        step(scaler, skipping, Float.NaN);
        assertThat(p.toFloatArray()).containsExactly(before);
      }
      assertThat(p.toFloatArray()).containsExactly(other.toFloatArray());
      var expected = plain.stateDict();
      var got = skipping.stateDict();
      assertThat(got).containsOnlyKeys(expected.keySet());
      expected.forEach(
          (key, value) ->
              assertThat(Objects.requireNonNull(got.get(key)).toArray())
                  .as(key)
                  .isEqualTo(value.toArray()));
    }
  }

  private static Optimizer optimizer(String name, Tensor p) {
    List<Tensor> parameters = List.of(p);
    return switch (name) {
      case "sgd" -> new SGD(parameters, 0.1).weightDecay(0.1);
      case "momentum" -> new SGD(parameters, 0.1).momentum(0.9).dampening(0.5);
      case "adam" -> new Adam(parameters, 0.1);
      case "adamw" -> new AdamW(parameters, 0.1);
      case "rmsprop" -> new RMSprop(parameters, 0.1).momentum(0.9);
      default -> new Adagrad(parameters, 0.1).weightDecay(0.1);
    };
  }

  @Test
  void eachOptimizerIsLeftOutByItself() {
    Tensor q = Tensor.copyOf(new float[] {5}).requiresGrad_();
    try (var scaler = new GradScaler().initScale(2);
        var one = new SGD(List.of(p), 1);
        var two = new SGD(List.of(q), 1)) {
      scaler.scale(p.sum().add(q.mul(Double.POSITIVE_INFINITY).sum())).backward();
      scaler.step(one);
      scaler.step(two);
      scaler.update();
      assertThat(p.toFloatArray()).containsExactly(0, -3, 2);
      assertThat(q.toFloatArray()).containsExactly(5);
      assertThat(scaler.getScale()).isEqualTo(1);
    }
  }

  @Test
  void aCheckpointGoesOn() {
    try (var scaler = new GradScaler().initScale(8).growthInterval(3);
        var other = new GradScaler().growthInterval(3);
        var sgd = new SGD(List.of(p), 0.01)) {
      step(scaler, sgd, 1);
      step(scaler, sgd, 1);
      other.loadStateDict(scaler.stateDict());
      step(other, sgd, 1);
      assertThat(other.getScale()).isEqualTo(16);
    }
  }

  @Test
  void aCheckpointThatLacksSomethingIsNamedAndChangesNothing() {
    try (var scaler = new GradScaler().initScale(4)) {
      assertThatThrownBy(
              () -> scaler.loadStateDict(Map.of("scale", Tensor.copyOf(new double[] {2}))))
          .isInstanceOf(StateDictException.class)
          .hasMessage(
              "loadStateDict: expected a GradScaler's scale and growth_tracker, got [scale]");
      assertThat(scaler.getScale()).isEqualTo(4);
    }
  }

  @Test
  void misuseIsNamed() {
    try (var scaler = new GradScaler();
        var sgd = new SGD(List.of(p), 0.01)) {
      assertThatThrownBy(() -> scaler.step(sgd)).hasMessageContaining("step before a scale");
      scaler.scale(p.sum()).backward();
      assertThatThrownBy(scaler::update).hasMessageContaining("update without a step");
      scaler.step(sgd);
      assertThatThrownBy(() -> scaler.step(sgd)).hasMessageContaining("step twice");
      assertThatThrownBy(() -> scaler.unscale_(sgd)).hasMessageContaining("update() first");
      scaler.update();
      scaler.unscale_(sgd);
    }
  }

  private void step(GradScaler scaler, Optimizer optimizer, float factor) {
    step(scaler, optimizer, factor, p);
  }

  private static void step(GradScaler scaler, Optimizer optimizer, float factor, Tensor p) {
    optimizer.zeroGrad();
    scaler.scale(p.mul(factor).sum()).backward();
    scaler.step(optimizer);
    scaler.update();
  }
}
