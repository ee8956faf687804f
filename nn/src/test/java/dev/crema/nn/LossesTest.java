package dev.crema.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The losses against their formulas in double, and their gradients where they are delicate. */
class LossesTest {
  private static final double[] X = {-3, -0.5, 0, 0.5, 4};
  private static final double[] Y = {-1, -0.5, 1, 1, 0};

  private static Tensor t(double... values) {
    return Tensor.copyOf(values);
  }

  private static double[] grad(Tensor t) {
    return Objects.requireNonNull(t.grad()).toDoubleArray();
  }

  private static void assertLosses(Loss loss, DoubleUnaryOperator ofDifference) {
    double[] losses = loss.call(t(X), t(Y)).toDoubleArray();
    for (int i = 0; i < X.length; i++) {
      double expected = ofDifference.applyAsDouble(X[i] - Y[i]);
      assertThat(losses[i]).as("element %d", i).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void regressionLossesAreTheirFormulas() {
    assertLosses(new MSELoss(Reduction.NONE), d -> d * d);
    assertLosses(new L1Loss(Reduction.NONE), Math::abs);
    assertLosses(
        new HuberLoss(1.5, Reduction.NONE),
        d -> Math.abs(d) <= 1.5 ? d * d / 2 : 1.5 * (Math.abs(d) - 0.75));
    assertLosses(
        new SmoothL1Loss(0.5, Reduction.NONE), d -> Math.abs(d) < 0.5 ? d * d : Math.abs(d) - 0.25);
  }

  @Test
  void reductionsAverageOrSum() {
    assertThat(new MSELoss().call(t(1, 3), t(0, 0)).item()).isEqualTo(5);
    assertThat(new MSELoss(Reduction.SUM).call(t(1, 3), t(0, 0)).item()).isEqualTo(10);
    assertThat(new L1Loss().call(t(1, 3), t(0, 0)).item()).isEqualTo(2);
  }

  @Test
  void hubersGradientIsTheDifferenceCutOff() {
    Tensor x = t(X).requiresGrad_();
    new HuberLoss(1.5, Reduction.SUM).call(x, t(Y)).backward();
    assertThat(grad(x)).containsExactly(-1.5, 0, -1, -0.5, 1.5);
  }

  @Test
  void binaryCrossEntropyFromScoresIsExactAtAnySize() {
    Tensor x = t(-1000, -2, 0, 3, 1000).requiresGrad_();
    Tensor y = t(0, 1, 0.25, 0, 1);
    Tensor losses = new BCEWithLogitsLoss(Reduction.NONE).call(x, y);
    assertThat(losses.toDoubleArray())
        .containsExactly(
            new double[] {0, Math.log1p(Math.exp(2)), Math.log(2), Math.log1p(Math.exp(3)), 0},
            within(1e-12));
    losses.sum().backward();
    // σ(x) − y, at 0 too.
    assertThat(grad(x))
        .containsExactly(
            new double[] {0, 1 / (1 + Math.exp(2)) - 1, 0.25, 1 / (1 + Math.exp(-3)), 0},
            within(1e-12));
  }

  @Test
  void binaryCrossEntropyFromProbabilitiesIsFiniteAtTheEnds() {
    Tensor p = t(0, 0, 0.25, 1, 1).requiresGrad_();
    Tensor losses = new BCELoss(Reduction.NONE).call(p, t(0, 1, 1, 1, 0));
    assertThat(losses.toDoubleArray())
        .containsExactly(new double[] {0, 100, -Math.log(0.25), 0, 100}, within(1e-12));
    losses.sum().backward();
    assertThat(grad(p)).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
    assertThat(grad(p)[2]).isCloseTo(-4, within(1e-12));
  }

  @Test
  void crossEntropyIsNllOfTheLogSoftmax() {
    Tensor scores = Tensor.copyOf(new double[] {1, 2, 3, 0.5, 0.5, 0.5, 2, 0, -2}, 3, 3);
    Tensor labels = Tensor.copyOf(new long[] {2, 0, -100});
    double first = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 3;
    double expected = (first + Math.log(3)) / 2;
    assertThat(new CrossEntropyLoss().call(scores, labels).item())
        .isCloseTo(expected, within(1e-12));
    assertThat(new NLLLoss().call(scores.logSoftmax(1), labels).item())
        .isCloseTo(expected, within(1e-12));
    Tensor each =
        new NLLLoss()
            .reduction(Reduction.NONE)
            .ignoreIndex(0)
            .call(scores.logSoftmax(1).slice(0, 0, 2), labels.slice(0, 0, 2));
    assertThat(each.toDoubleArray()).containsExactly(new double[] {first, 0}, within(1e-12));
  }

  @Test
  void labelSmoothingSpreadsTheTarget() {
    Tensor scores = Tensor.copyOf(new double[] {1, 2, 3}, 1, 3);
    double logSum = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3));
    double expected = 0.9 * (logSum - 3) + 0.1 * (logSum - 2);
    var loss = new CrossEntropyLoss().labelSmoothing(0.1);
    assertThat(loss.call(scores, Tensor.copyOf(new long[] {2})).item())
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void differentShapesAreRefused() {
    assertThatThrownBy(() -> new MSELoss().call(Tensor.zeros(2, 1), Tensor.zeros(2)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "mse_loss: expected input and target of one shape, got input [2, 1] and target [2]");
    assertThatThrownBy(() -> new NLLLoss().call(Tensor.zeros(2, 3), Tensor.zeros(3)))
        .hasMessageStartingWith("nll_loss: expected scores [n, classes, ..] and target [n, ..]");
    assertThatThrownBy(() -> new HuberLoss(0)).hasMessageContaining("expected delta above 0");
    assertThatThrownBy(() -> new SmoothL1Loss(0)).hasMessageContaining("Hint: 0 is L1Loss");
  }
}
