package dev.crema.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.crema.autograd.Gradcheck.Rule;
import dev.crema.tensor.AutogradException;
import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradcheckTest {
  private static final double[] NUMBERS = {0.3, -1.2, 0.7, 2, -0.4, 1.1};

  private static Tensor x() {
    return Tensor.copyOf(NUMBERS, 2, 3).requiresGrad_();
  }

  @Test
  void aRightGradientPasses() {
    var result = Gradcheck.check("square", in -> in[0].square(), x());
    assertThat(result.passed()).isTrue();
    assertThat(result.error()).isLessThan(1e-10);
    assertThat(result.orThrow()).isSameAs(result);
    assertThat(result.rules())
        .containsExactly(new Rule("square", "dev.crema.op.Pointwise$UnaryGrad"));
  }

  @Test
  void aWrongGradientIsCaughtAtItsWorstElement() {
    Tensor right = Tensor.copyOf(new double[] {1, 2, 3}).requiresGrad_();
    var result =
        Gradcheck.check("mine", in -> in[0].square().add(wrongAtTheEnd(in[1])), right, x());
    assertThat(result.passed()).isFalse();
    assertThat(result.input()).isEqualTo(1);
    assertThat(result.element()).isEqualTo(List.of(1L, 2L));
    assertThat(Math.abs(result.analytic() / result.numeric())).isCloseTo(1.01, within(1e-9));
    assertThatExceptionOfType(AutogradException.class)
        .isThrownBy(result::orThrow)
        .withMessageMatching(
            "gradcheck: mine, f64, first order: relative error 9.9e-03 > 1e-06 at input 1 \\[1,"
                + " 2\\]: autograd says -?[0-9.]+, differences -?[0-9.]+");
  }

  /** The identity, whose gradient for the last element is 1 % too large. */
  private static Tensor wrongAtTheEnd(Tensor x) {
    return Autograd.record(
        "identity", x.copy().detach(), Autograd.inputs(x), _ -> new OnePercentOff());
  }

  record OnePercentOff() implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      Tensor factor = Tensor.copyOf(new double[] {1, 1, 1, 1, 1, 1.01}, 2, 3);
      g.set(0, gy.mul(factor));
    }
  }

  /** As happens when a gradient is computed outside the graph. */
  @Test
  void aGradientWithoutGradientIsCaughtAtSecondOrder() {
    assertThat(Gradcheck.check("cube", in -> opaqueCube(in[0]), x()).passed()).isTrue();
    var second = Gradcheck.checkSecondOrder("cube", in -> opaqueCube(in[0]), x());
    assertThat(second.passed()).isFalse();
    assertThat(second.order()).isEqualTo(2);
    assertThat(second.analytic()).isZero();
    assertThat(Gradcheck.checkSecondOrder("cube", in -> in[0].pow(3), x()).passed()).isTrue();
  }

  private static Tensor opaqueCube(Tensor x) {
    return Autograd.record(
        "cube", x.detach().pow(3), Autograd.inputs(x), s -> new OpaqueCubeGrad(s.of(x)));
  }

  record OpaqueCubeGrad(Saved x) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.mul(x.get().detach().square()).mul(3));
    }
  }

  @Test
  void aResultThatForgotItsGraphIsCaught() {
    var result = Gradcheck.check("detached", in -> in[0].detach().exp(), x());
    assertThat(result.passed()).isFalse();
    assertThat(result.analytic()).isZero();
  }

  @Test
  void aGradientThatIsNotANumberIsCaught() {
    Tensor zero = Tensor.copyOf(new double[] {1, 0}).requiresGrad_();
    var result = Gradcheck.check("sqrt of a square", in -> in[0].square().sqrt(), zero);
    assertThat(result.error()).isInfinite();
    assertThat(result.element()).isEqualTo(List.of(1L));
  }

  @Test
  void f32InputsCheckTheF32Gradient() {
    Tensor x = Tensor.copyOf(new float[] {0.3f, -1.2f, 0.7f}).requiresGrad_();
    var result = Gradcheck.check("tanh", in -> in[0].tanh(), x);
    assertThat(result.dtype()).isEqualTo(DType.F32);
    assertThat(result.passed()).isTrue();
    assertThat(result.error()).isBetween(1e-9, 1e-5);
  }

  @Test
  void inputsThatRequireNoGradientStayAsTheyAre() {
    Tensor index = Tensor.copyOf(new long[] {1, 0, 1}, 1, 3);
    Tensor scale = Tensor.copyOf(new double[] {3});
    var result =
        Gradcheck.check("pick", in -> in[1].gather(0, in[0]).mul(in[2]), index, x(), scale);
    assertThat(result.passed()).isTrue();
    assertThat(result.input()).isEqualTo(1);
  }

  @Test
  void leavesTheInputsUntouched() {
    Tensor x = x();
    Gradcheck.checkSecondOrder("exp", in -> in[0].exp(), x);
    assertThat(x.toDoubleArray()).isEqualTo(NUMBERS);
    assertThat(x.grad()).isNull();
  }

  @Test
  void anInputThatRequiresNoGradientAtAllIsAnError() {
    assertThatExceptionOfType(AutogradException.class)
        .isThrownBy(() -> Gradcheck.check("f", in -> in[0], Tensor.ones(2)))
        .withMessage("gradcheck: no input of 'f' is differentiable. Hint: requiresGrad_()");
  }

  @Test
  void nothingToCheckIsNoError() {
    Tensor empty = Tensor.copyOf(new double[0], 0, 3).requiresGrad_();
    assertThat(Gradcheck.check("exp", in -> in[0].exp(), empty).error()).isZero();
  }
}
