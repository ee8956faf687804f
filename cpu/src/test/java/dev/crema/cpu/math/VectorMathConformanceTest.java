package dev.crema.cpu.math;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;
import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crema.cpu.simd.Simd;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vectors give the bits of the scalar functions, for whatever bits go in. */
class VectorMathConformanceTest {
  private static final int VECTORS = 1_000;

  @BeforeEach
  void needsVectors() {
    assumeTrue(Simd.VECTOR, "kernels are scalar here");
  }

  private interface F32 {
    float apply(float x);
  }

  private static void sameF32(UnaryOperator<FloatVector> vector, F32 scalar, float limit) {
    Random random = new Random(3);
    float[] x = new float[F_LENGTH];
    float[] y = new float[F_LENGTH];
    for (int i = 0; i < VECTORS; i++) {
      for (int lane = 0; lane < x.length; lane++) {
        x[lane] =
            i % 2 == 0
                ? (float) random.nextGaussian() * 40
                : Float.intBitsToFloat(random.nextInt());
        x[lane] = Math.min(x[lane], limit);
      }
      vector.apply(FloatVector.fromArray(F, x, 0)).intoArray(y, 0);
      for (int lane = 0; lane < x.length; lane++) {
        assertThat(Float.floatToIntBits(y[lane]))
            .as("of %s", x[lane])
            .isEqualTo(Float.floatToIntBits(scalar.apply(x[lane])));
      }
    }
  }

  private static void sameF64(
      UnaryOperator<DoubleVector> vector, DoubleUnaryOperator scalar, double limit) {
    Random random = new Random(3);
    double[] x = new double[D_LENGTH];
    double[] y = new double[D_LENGTH];
    for (int i = 0; i < VECTORS; i++) {
      for (int lane = 0; lane < x.length; lane++) {
        x[lane] =
            i % 2 == 0 ? random.nextGaussian() * 300 : Double.longBitsToDouble(random.nextLong());
        x[lane] = Math.min(x[lane], limit);
      }
      vector.apply(DoubleVector.fromArray(D, x, 0)).intoArray(y, 0);
      for (int lane = 0; lane < x.length; lane++) {
        assertThat(Double.doubleToLongBits(y[lane]))
            .as("of %s", x[lane])
            .isEqualTo(Double.doubleToLongBits(scalar.applyAsDouble(x[lane])));
      }
    }
  }

  @Test
  void exp() {
    sameF32(VectorMathF32::exp, MathF32::exp, Float.POSITIVE_INFINITY);
    sameF64(VectorMathF64::exp, MathF64::exp, Double.POSITIVE_INFINITY);
  }

  @Test
  void expm1() {
    sameF32(VectorMathF32::expm1, MathF32::expm1, 40);
    sameF64(VectorMathF64::expm1, MathF64::expm1, 40);
  }

  @Test
  void log() {
    sameF32(VectorMathF32::log, MathF32::log, Float.POSITIVE_INFINITY);
    sameF64(VectorMathF64::log, MathF64::log, Double.POSITIVE_INFINITY);
  }

  @Test
  void tanh() {
    sameF32(VectorMathF32::tanh, MathF32::tanh, Float.POSITIVE_INFINITY);
    sameF64(VectorMathF64::tanh, MathF64::tanh, Double.POSITIVE_INFINITY);
  }

  @Test
  void sigmoid() {
    sameF32(VectorMathF32::sigmoid, MathF32::sigmoid, Float.POSITIVE_INFINITY);
    sameF64(VectorMathF64::sigmoid, MathF64::sigmoid, Double.POSITIVE_INFINITY);
  }
}
