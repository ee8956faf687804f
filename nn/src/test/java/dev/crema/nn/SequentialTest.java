package dev.crema.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.Generator;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Layers that run as one op. */
class SequentialTest {

  private static Sequential network() {
    Generator.manualSeed(7);
    return new Sequential(
        new Conv2d(2, 9, 3).padding(1),
        new ReLU(),
        new Conv2d(9, 5, 3).bias(false),
        new ReLU(),
        new BatchNorm2d(5),
        new ReLU(),
        new Flatten(),
        new Linear(5 * 9 * 7, 33),
        new ReLU(),
        new Linear(33, 4));
  }

  private static String graph(Tensor y) {
    return String.valueOf(y.node() == null ? "none" : y.node().op());
  }

  private static float[] gradient(Tensor parameter) {
    return Objects.requireNonNull(parameter.grad()).toFloatArray();
  }

  @Test
  void aLayerAndItsReluAreOneOpBitForBitAsTwo() {
    Sequential fused = network();
    Sequential apart = network();
    List<Module> seen = new ArrayList<>();
    for (int relu : new int[] {1, 3, 5, 8}) {
      apart
          .get(relu)
          .registerForwardHook(
              (module, _, _) -> {
                seen.add(module);
                return null;
              });
    }
    Tensor x = Tensor.randn(6, 2, 11, 9);
    Tensor one = fused.call(x);
    Tensor two = apart.call(x);
    assertThat(seen).hasSize(4);
    assertThat(one.toFloatArray()).containsExactly(two.toFloatArray());

    one.square().sum().backward();
    two.square().sum().backward();
    fused
        .namedParameters()
        .forEach(
            (name, p) ->
                assertThat(gradient(p))
                    .as(name)
                    .containsExactly(gradient(apart.getParameter(name))));
  }

  @Test
  void aReluIsPartOfTheOpBeforeItUnlessAHookLooksAtEither() {
    var layers = new Sequential(new Linear(3, 2), new ReLU());
    Tensor x = Tensor.randn(4, 3);
    assertThat(graph(layers.call(x))).isEqualTo("linear");
    try (var _ = layers.get(0).registerForwardHook((_, _, _) -> null)) {
      assertThat(graph(layers.call(x))).isEqualTo("relu");
    }
    try (var _ = layers.get(1).registerForwardHook((_, _, _) -> null)) {
      assertThat(graph(layers.call(x))).isEqualTo("relu");
    }
    assertThat(graph(layers.call(x))).isEqualTo("linear");
  }

  @Test
  void aReluTakesALayerOrASumIntoItsOpUnlessAHookLooks() {
    var linear = new Linear(3, 2);
    var relu = new ReLU();
    Tensor x = Tensor.randn(4, 3).requiresGrad_();
    Tensor one = relu.callBehind(linear, x);
    Tensor sum = relu.callOfSum(x, x);
    assertThat(graph(one)).isEqualTo("linear");
    assertThat(graph(sum)).isEqualTo("add_relu");
    try (var _ = relu.registerForwardHook((_, _, _) -> null)) {
      Tensor two = relu.callBehind(linear, x);
      assertThat(graph(two)).isEqualTo("relu");
      assertThat(one.toFloatArray()).containsExactly(two.toFloatArray());
      Tensor apart = relu.callOfSum(x, x);
      assertThat(graph(apart)).isEqualTo("relu");
      assertThat(sum.toFloatArray()).containsExactly(apart.toFloatArray());
    }
    assertThat(graph(relu.callBehind(new Flatten(), x))).isEqualTo("relu");
  }
}
