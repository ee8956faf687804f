package dev.crema.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * How far the functions are from the exact value, in units in the last place. StrictMath, good to
 * one unit in f64, stands for the exact value.
 */
class MathTest {
  private static final int SAMPLES = 200_000;

  private interface F32 {
    float apply(float x);
  }

  private static double worstF32(F32 f, DoubleUnaryOperator exact, double from, double to) {
    double worst = 0;
    for (int i = 0; i <= SAMPLES; i++) {
      float x = (float) (from + (to - from) * i / SAMPLES);
      double e = exact.applyAsDouble(x);
      worst = Math.max(worst, Math.abs(f.apply(x) - e) / Math.ulp((float) e));
    }
    return worst;
  }

  private static double worstF64(
      DoubleUnaryOperator f, DoubleUnaryOperator exact, double from, double to) {
    double worst = 0;
    for (int i = 0; i <= SAMPLES; i++) {
      double x = from + (to - from) * i / SAMPLES;
      double e = exact.applyAsDouble(x);
      worst = Math.max(worst, Math.abs(f.applyAsDouble(x) - e) / Math.ulp(e));
    }
    return worst;
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  @Test
  void exp() {
    assertThat(worstF32(MathF32::exp, StrictMath::exp, -104, 88.7)).isLessThan(1.2);
    assertThat(worstF32(MathF32::exp, StrictMath::exp, -1, 1)).isLessThan(1.2);
    assertThat(worstF64(MathF64::exp, StrictMath::exp, -744, 709.7)).isLessThan(1.5);
    assertThat(worstF64(MathF64::exp, StrictMath::exp, -1, 1)).isLessThan(1.5);
  }

  @Test
  void expm1() {
    assertThat(worstF32(MathF32::expm1, StrictMath::expm1, -30, 10)).isLessThan(1.6);
    assertThat(worstF32(MathF32::expm1, StrictMath::expm1, -1e-3, 1e-3)).isLessThan(1.6);
    assertThat(worstF64(MathF64::expm1, StrictMath::expm1, -60, 20)).isLessThan(2.5);
    assertThat(worstF64(MathF64::expm1, StrictMath::expm1, -1e-3, 1e-3)).isLessThan(2.5);
  }

  @Test
  void log() {
    assertThat(worstF32(MathF32::log, StrictMath::log, 1e-6, 3)).isLessThan(1);
    assertThat(worstF32(MathF32::log, StrictMath::log, 1e-41, 1e-38)).isLessThan(1);
    assertThat(worstF32(MathF32::log, StrictMath::log, 3, 3e38)).isLessThan(1);
    assertThat(worstF64(MathF64::log, StrictMath::log, 1e-6, 3)).isLessThan(1.5);
    assertThat(worstF64(MathF64::log, StrictMath::log, 0.999, 1.001)).isLessThan(1.5);
    assertThat(worstF64(MathF64::log, StrictMath::log, 1e-322, 1e-308)).isLessThan(1.5);
  }

  @Test
  void tanh() {
    assertThat(worstF32(MathF32::tanh, StrictMath::tanh, -12, 12)).isLessThan(2.5);
    assertThat(worstF32(MathF32::tanh, StrictMath::tanh, -0.5, 0.5)).isLessThan(2.5);
    assertThat(worstF64(MathF64::tanh, StrictMath::tanh, -25, 25)).isLessThan(4.5);
    assertThat(worstF64(MathF64::tanh, StrictMath::tanh, -0.5, 0.5)).isLessThan(4.5);
  }

  @Test
  void sigmoidAtBothEnds() {
    assertThat(worstF32(MathF32::sigmoid, MathTest::sigmoid, -87, 20)).isLessThan(2.5);
    assertThat(worstF64(MathF64::sigmoid, MathTest::sigmoid, -700, 40)).isLessThan(2.5);
  }

  @Test
  void theEndsOfTheRange() {
    assertThat(MathF32.exp(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(MathF32.exp(Float.POSITIVE_INFINITY)).isInfinite();
    assertThat(MathF32.exp(Float.NaN)).isNaN();
    assertThat(MathF32.exp(0)).isEqualTo(1);
    assertThat(MathF32.log(0)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(MathF32.log(-1)).isNaN();
    assertThat(MathF32.log(Float.POSITIVE_INFINITY)).isInfinite();
    assertThat(MathF64.log(1)).isZero();
    assertThat(1 / MathF64.tanh(-0.0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(MathF64.tanh(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(MathF64.sigmoid(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(MathF64.expm1(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
  }
}
