package dev.crema.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.crema.nn.Linear;
import dev.crema.nn.StateDictException;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The optimizers against PyTorch's published algorithms, written out for one number in f64. */
class OptimizersTest {
  private static final int STEPS = 6;
  private static final double START = 0.7;

  /** A gradient that changes in size and sign and depends on the parameter. */
  private static double gradient(int t, double p) {
    return Math.sin(1.3 * t) + 0.5 * p;
  }

  /** One step of an algorithm as its page in PyTorch's documentation has it. */
  private interface Algorithm {
    double step(int t, double p, double g);
  }

  private static Tensor parameter() {
    return Scope.escape(Tensor.copyOf(new double[] {START, -2, START}).requiresGrad_());
  }

  private static double[] grad(Tensor t) {
    return Objects.requireNonNull(t.grad()).toDoubleArray();
  }

  /** Compares elements 0 and 2, which see {@link #gradient}, after every step. */
  private static void assertFollows(Optimizer optimizer, Tensor p, Algorithm algorithm) {
    double expected = START;
    for (int t = 1; t <= STEPS; t++) {
      double g = gradient(t, expected);
      p.setGrad(Tensor.copyOf(new double[] {g, 10 * t, g}));
      optimizer.step();
      expected = algorithm.step(t, expected, g);
      double[] actual = p.toDoubleArray();
      assertThat(actual[0]).as("step %d", t).isCloseTo(expected, within(1e-13));
      assertThat(actual[2]).isEqualTo(actual[0]);
    }
  }

  @Test
  void plainSgd() {
    Tensor p = parameter();
    assertFollows(new SGD(List.of(p), 0.1), p, (_, w, g) -> w - 0.1 * g);
  }

  @Test
  void sgdWithMomentumDampeningAndWeightDecay() {
    Tensor p = parameter();
    var sgd = new SGD(List.of(p), 0.1).momentum(0.9).dampening(0.3).weightDecay(0.01);
    double[] b = {0};
    assertFollows(
        sgd,
        p,
        (t, w, g0) -> {
          double g = g0 + 0.01 * w;
          b[0] = t == 1 ? g : 0.9 * b[0] + (1 - 0.3) * g;
          return w - 0.1 * b[0];
        });
  }

  @Test
  void sgdWithNesterovsMomentum() {
    Tensor p = parameter();
    double[] b = {0};
    assertFollows(
        new SGD(List.of(p), 0.1).momentum(0.9).nesterov(true),
        p,
        (t, w, g) -> {
          b[0] = t == 1 ? g : 0.9 * b[0] + g;
          return w - 0.1 * (g + 0.9 * b[0]);
        });
  }

  @Test
  void nesterovNeedsMomentum() {
    Tensor p = parameter();
    p.setGrad(Tensor.onesLike(p));
    assertThatThrownBy(() -> new SGD(List.of(p), 0.1).nesterov(true).step())
        .hasMessage("SGD: Nesterov needs momentum above 0 and dampening 0, got 0.0 and 0.0");
  }

  @Test
  void adamWithWeightDecayInTheGradient() {
    Tensor p = parameter();
    var adam = new Adam(List.of(p), 0.01).betas(0.8, 0.95).eps(1e-6).weightDecay(0.1);
    double[] m = {0};
    double[] v = {0};
    assertFollows(
        adam,
        p,
        (t, w, g0) -> {
          double g = g0 + 0.1 * w;
          m[0] = 0.8 * m[0] + 0.2 * g;
          v[0] = 0.95 * v[0] + 0.05 * g * g;
          double mHat = m[0] / (1 - Math.pow(0.8, t));
          double vHat = v[0] / (1 - Math.pow(0.95, t));
          return w - 0.01 * mHat / (Math.sqrt(vHat) + 1e-6);
        });
  }

  @Test
  void adamWDecaysTheWeightApart() {
    Tensor p = parameter();
    double[] m = {0};
    double[] v = {0};
    assertFollows(
        new AdamW(List.of(p), 0.02),
        p,
        (t, w0, g) -> {
          double w = w0 - 0.02 * 0.01 * w0;
          m[0] = 0.9 * m[0] + 0.1 * g;
          v[0] = 0.999 * v[0] + 0.001 * g * g;
          double mHat = m[0] / (1 - Math.pow(0.9, t));
          double vHat = v[0] / (1 - Math.pow(0.999, t));
          return w - 0.02 * mHat / (Math.sqrt(vHat) + 1e-8);
        });
  }

  @Test
  void rmsprop() {
    Tensor p = parameter();
    double[] v = {0};
    assertFollows(
        new RMSprop(List.of(p)).alpha(0.9).eps(1e-5),
        p,
        (_, w, g) -> {
          v[0] = 0.9 * v[0] + 0.1 * g * g;
          return w - 0.01 * g / (Math.sqrt(v[0]) + 1e-5);
        });
  }

  @Test
  void rmspropWithMomentumAndWeightDecay() {
    Tensor p = parameter();
    double[] v = {0};
    double[] b = {0};
    assertFollows(
        new RMSprop(List.of(p), 0.03).momentum(0.5).weightDecay(0.2),
        p,
        (_, w, g0) -> {
          double g = g0 + 0.2 * w;
          v[0] = 0.99 * v[0] + 0.01 * g * g;
          b[0] = 0.5 * b[0] + g / (Math.sqrt(v[0]) + 1e-8);
          return w - 0.03 * b[0];
        });
  }

  @Test
  void adagradWithDecays() {
    Tensor p = parameter();
    double[] s = {0};
    assertFollows(
        new Adagrad(List.of(p), 0.1).lrDecay(0.2).weightDecay(0.3),
        p,
        (t, w, g0) -> {
          double g = g0 + 0.3 * w;
          s[0] += g * g;
          return w - 0.1 / (1 + (t - 1) * 0.2) * g / (Math.sqrt(s[0]) + 1e-10);
        });
  }

  @Test
  void groupsHaveTheirOwnLearningRates() {
    Tensor head = parameter();
    Tensor body = parameter();
    var sgd = new SGD(List.of(head), 0.5);
    sgd.addParamGroup(List.of(body), 0.01);
    head.setGrad(Tensor.onesLike(head));
    body.setGrad(Tensor.onesLike(body));
    sgd.step();
    assertThat(head.toDoubleArray()[0]).isCloseTo(START - 0.5, within(1e-15));
    assertThat(body.toDoubleArray()[0]).isCloseTo(START - 0.01, within(1e-15));
    assertThatThrownBy(() -> sgd.addParamGroup(List.of(head), 1))
        .hasMessageContaining("a parameter of shape [3] is in two groups");
  }

  @Test
  void frozenParametersAreSkipped() {
    var layer = new Linear(2, 2);
    layer.weight().requiresGrad_(false);
    float[] weight = layer.weight().toFloatArray();
    float[] bias = layer.parameters().get(1).toFloatArray();
    var adam = new Adam(layer.parameters(), 0.1).weightDecay(0.5);
    layer.call(Tensor.ones(1, 2)).sum().backward();
    adam.step();
    assertThat(layer.weight().toFloatArray()).containsExactly(weight);
    assertThat(layer.parameters().get(1).toFloatArray()).isNotEqualTo(bias);
    adam.zeroGrad();
    assertThat(layer.parameters()).allMatch(p -> p.grad() == null);
  }

  @Test
  void aResumedOptimizerGoesOnExactly() {
    Tensor straight = parameter();
    Tensor resumed = parameter();
    var one = new Adam(List.of(straight), 0.1).betas(0.7, 0.9).eps(0.3);
    var two = new Adam(List.of(resumed), 0.1).betas(0.7, 0.9).eps(0.3);
    run(one, straight, 1, 3);
    run(two, resumed, 1, 3);
    Map<String, Tensor> saved = two.stateDict();
    assertThat(saved.keySet())
        .containsExactly(
            "state.0.step",
            "state.0.exp_avg",
            "state.0.exp_avg_sq",
            "param_groups.0",
            "settings.beta2",
            "settings.eps");
    var fresh = new Adam(List.of(resumed), 9);
    fresh.loadStateDict(saved);
    run(one, straight, 4, 6);
    run(fresh, resumed, 4, 6);
    assertThat(resumed.toDoubleArray()).containsExactly(straight.toDoubleArray());
  }

  @Test
  void everySettingOfEveryOptimizerComesBack() {
    List<Function<List<Tensor>, Optimizer>> set =
        List.of(
            p -> new SGD(p, 0.1).momentum(0.9).nesterov(true).weightDecay(0.1),
            p -> new SGD(p, 0.1).momentum(0.9).dampening(0.5),
            p -> new RMSprop(p, 0.2).alpha(0.5).eps(0.1).momentum(0.3),
            p -> new Adagrad(p, 0.2).lrDecay(0.5).eps(0.1));
    List<Function<List<Tensor>, Optimizer>> plain =
        List.of(
            p -> new SGD(p, 9), p -> new SGD(p, 9), p -> new RMSprop(p, 9), p -> new Adagrad(p, 9));
    for (int i = 0; i < set.size(); i++) {
      Tensor straight = parameter();
      Tensor resumed = parameter();
      Optimizer one = set.get(i).apply(List.of(straight));
      Optimizer two = set.get(i).apply(List.of(resumed));
      run(one, straight, 1, 3);
      run(two, resumed, 1, 3);
      Optimizer fresh = plain.get(i).apply(List.of(resumed));
      fresh.loadStateDict(two.stateDict());
      run(one, straight, 4, 6);
      run(fresh, resumed, 4, 6);
      assertThat(resumed.toDoubleArray()).as("%d", i).containsExactly(straight.toDoubleArray());
    }
  }

  @Test
  void anOptimizerCanLoadItsOwnState() {
    Tensor straight = parameter();
    Tensor reloaded = parameter();
    var one = new Adam(List.of(straight), 0.1);
    var two = new Adam(List.of(reloaded), 0.1);
    run(one, straight, 1, 3);
    run(two, reloaded, 1, 3);
    two.loadStateDict(two.stateDict());
    run(one, straight, 4, 6);
    run(two, reloaded, 4, 6);
    assertThat(reloaded.toDoubleArray()).containsExactly(straight.toDoubleArray());
  }

  @Test
  void momentsThatAreMissingAreNamed() {
    Tensor p = parameter();
    var adam = new Adam(List.of(p));
    run(adam, p, 1, 1);
    Map<String, Tensor> saved = new LinkedHashMap<>(adam.stateDict());
    saved.remove("state.0.exp_avg_sq");
    saved.remove("settings.eps");
    assertThatThrownBy(() -> adam.loadStateDict(saved))
        .isInstanceOf(StateDictException.class)
        .hasMessage(
            """
            loadStateDict: the checkpoint does not fit Adam
              missing: state.0.exp_avg_sq
              missing: settings.eps\
            """);
  }

  @Test
  void betasOutsideTheirRangeAreRefused() {
    assertThatThrownBy(() -> new Adam(List.of(parameter())).betas(0.9, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Adam: expected betas from 0 to below 1, got 0.9 and 1.0");
    assertThatThrownBy(() -> new AdamW(List.of(parameter())).betas(Double.NaN, 0.9))
        .hasMessageStartingWith("AdamW: expected betas");
  }

  private static void run(Optimizer optimizer, Tensor p, int from, int to) {
    for (int t = from; t <= to; t++) {
      p.setGrad(Tensor.copyOf(new double[] {t, -t, 0.1 * t}));
      optimizer.step();
    }
  }

  @Test
  void aCheckpointThatDoesNotFitIsRefusedWithEveryFault() {
    var sgd = new SGD(List.of(parameter()), 0.1).momentum(0.9);
    Map<String, Tensor> saved = new LinkedHashMap<>();
    saved.put("state.0.step", Tensor.copyOf(new long[] {1}));
    saved.put("state.0.exp_avg", Tensor.zeros(3));
    saved.put("state.0.momentum_buffer", Tensor.zeros(4));
    assertThatThrownBy(() -> sgd.loadStateDict(saved))
        .isInstanceOf(StateDictException.class)
        .hasMessage(
            """
            loadStateDict: the checkpoint does not fit SGD
              missing: param_groups.0
              missing: settings.dampening
              missing: settings.nesterov
              unexpected: state.0.exp_avg
              state.0.momentum_buffer: expected shape [3], got [4]\
            """);
  }

  @Test
  void negativeSettingsAreRefused() {
    assertThatThrownBy(() -> new SGD(List.of(parameter()), -1))
        .hasMessage("optimizer: expected a learning rate of at least 0, got -1.0");
  }

  @Test
  void clippingByNormScalesAllGradientsTogether() {
    Tensor a = parameter();
    Tensor b = parameter();
    Tensor frozen = Tensor.zeros(1);
    a.setGrad(Tensor.copyOf(new double[] {3, 0, 0}));
    b.setGrad(Tensor.copyOf(new double[] {0, 4, 0}));
    assertThat(ClipGrad.clipGradNorm_(List.of(a, b, frozen), 10)).isEqualTo(5);
    assertThat(grad(a)).containsExactly(3, 0, 0);
    assertThat(ClipGrad.clipGradNorm_(List.of(a, b, frozen), 1)).isEqualTo(5);
    assertThat(grad(a)[0]).isCloseTo(3 / (5 + 1e-6), within(1e-15));
    assertThat(grad(b)[1]).isCloseTo(4 / (5 + 1e-6), within(1e-15));
  }

  @Test
  void clippingByValueLimitsEachElement() {
    Tensor p = parameter();
    p.setGrad(Tensor.copyOf(new double[] {-3, 0.1, 0.7}));
    ClipGrad.clipGradValue_(List.of(p), 0.5);
    assertThat(grad(p)).containsExactly(-0.5, 0.1, 0.5);
  }
}
