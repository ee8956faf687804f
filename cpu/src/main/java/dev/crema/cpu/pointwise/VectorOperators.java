package dev.crema.cpu.pointwise;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.F;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.UnaryOp;
import dev.crema.cpu.math.VectorMathF32;
import dev.crema.cpu.math.VectorMathF64;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * The operators of {@link ScalarOperators} on vectors, or null where the Vector API has no such
 * function.
 */
final class VectorOperators {
  private VectorOperators() {}

  static VectorOperator.@Nullable F32 f32(UnaryOp op) {
    return switch (op) {
      case NEG -> (x, _, _, _) -> x.neg();
      case ABS -> (x, _, _, _) -> x.abs();
      case SIGN -> (x, _, _, _) -> x.blend(1f, x.compare(GT, 0f)).blend(-1f, x.compare(LT, 0f));
      case RECIPROCAL -> (x, _, _, _) -> f(1).div(x);
      case SQUARE -> (x, _, _, _) -> x.mul(x);
      case SQRT -> (x, _, _, _) -> x.sqrt();
      case RSQRT -> (x, _, _, _) -> f(1).div(x.sqrt());
      case EXP -> (x, _, _, _) -> VectorMathF32.exp(x);
      case LOG -> (x, _, _, _) -> VectorMathF32.log(x);
      case TANH -> (x, _, _, _) -> VectorMathF32.tanh(x);
      case SIGMOID -> (x, _, _, _) -> VectorMathF32.sigmoid(x);
      case RELU -> (x, _, _, _) -> x.blend(0f, x.compare(LE, 0f));
      case LEAKY_RELU -> (x, _, a, _) -> x.mul(a).blend(x, x.compare(GT, 0f));
      case ELU ->
          (x, _, a, _) -> VectorMathF32.expm1(negative(x)).mul(a).blend(x, x.compare(GT, 0f));
      case CLAMP -> (x, _, a, b) -> x.max(a).min(b);
      case SIN, COS, POW, FLOOR, CEIL, ROUND, NOT -> null;
    };
  }

  static VectorOperator.@Nullable F64 f64(UnaryOp op) {
    return switch (op) {
      case NEG -> (x, _, _, _) -> x.neg();
      case ABS -> (x, _, _, _) -> x.abs();
      case SIGN -> (x, _, _, _) -> x.blend(1.0, x.compare(GT, 0.0)).blend(-1.0, x.compare(LT, 0.0));
      case RECIPROCAL -> (x, _, _, _) -> d(1).div(x);
      case SQUARE -> (x, _, _, _) -> x.mul(x);
      case SQRT -> (x, _, _, _) -> x.sqrt();
      case RSQRT -> (x, _, _, _) -> d(1).div(x.sqrt());
      case EXP -> (x, _, _, _) -> VectorMathF64.exp(x);
      case LOG -> (x, _, _, _) -> VectorMathF64.log(x);
      case TANH -> (x, _, _, _) -> VectorMathF64.tanh(x);
      case SIGMOID -> (x, _, _, _) -> VectorMathF64.sigmoid(x);
      case RELU -> (x, _, _, _) -> x.blend(0.0, x.compare(LE, 0.0));
      case LEAKY_RELU -> (x, _, a, _) -> x.mul(a).blend(x, x.compare(GT, 0.0));
      case ELU ->
          (x, _, a, _) -> VectorMathF64.expm1(negative(x)).mul(a).blend(x, x.compare(GT, 0.0));
      case CLAMP -> (x, _, a, b) -> x.max(a).min(b);
      case SIN, COS, POW, FLOOR, CEIL, ROUND, NOT -> null;
    };
  }

  static VectorOperator.@Nullable F32 f32(BinaryOp op) {
    return switch (op) {
      case ADD -> (a, b, _, _) -> a.add(b);
      case SUB -> (a, b, _, _) -> a.sub(b);
      case MUL -> (a, b, _, _) -> a.mul(b);
      case DIV -> (a, b, _, _) -> a.div(b);
      case MAX -> (a, b, _, _) -> a.max(b);
      case MIN -> (a, b, _, _) -> a.min(b);
      case EQ -> (a, b, _, _) -> f(0).blend(1f, a.compare(EQ, b));
      case NE -> (a, b, _, _) -> f(0).blend(1f, a.compare(NE, b));
      case LT -> (a, b, _, _) -> f(0).blend(1f, a.compare(LT, b));
      case LE -> (a, b, _, _) -> f(0).blend(1f, a.compare(LE, b));
      case GT -> (a, b, _, _) -> f(0).blend(1f, a.compare(GT, b));
      case GE -> (a, b, _, _) -> f(0).blend(1f, a.compare(GE, b));
      case RELU_GRAD -> (a, b, _, _) -> f(0).blend(a, b.compare(GT, 0f));
      case TANH_GRAD -> (a, b, _, _) -> a.mul(f(1).sub(b).mul(b.add(1f)));
      case SIGMOID_GRAD -> (a, b, _, _) -> a.mul(b.mul(f(1).sub(b)));
      case POW, AND, OR, XOR -> null;
    };
  }

  static VectorOperator.@Nullable F64 f64(BinaryOp op) {
    return switch (op) {
      case ADD -> (a, b, _, _) -> a.add(b);
      case SUB -> (a, b, _, _) -> a.sub(b);
      case MUL -> (a, b, _, _) -> a.mul(b);
      case DIV -> (a, b, _, _) -> a.div(b);
      case MAX -> (a, b, _, _) -> a.max(b);
      case MIN -> (a, b, _, _) -> a.min(b);
      case EQ -> (a, b, _, _) -> d(0).blend(1.0, a.compare(EQ, b));
      case NE -> (a, b, _, _) -> d(0).blend(1.0, a.compare(NE, b));
      case LT -> (a, b, _, _) -> d(0).blend(1.0, a.compare(LT, b));
      case LE -> (a, b, _, _) -> d(0).blend(1.0, a.compare(LE, b));
      case GT -> (a, b, _, _) -> d(0).blend(1.0, a.compare(GT, b));
      case GE -> (a, b, _, _) -> d(0).blend(1.0, a.compare(GE, b));
      case RELU_GRAD -> (a, b, _, _) -> d(0).blend(a, b.compare(GT, 0.0));
      case TANH_GRAD -> (a, b, _, _) -> a.mul(d(1).sub(b).mul(b.add(1.0)));
      case SIGMOID_GRAD -> (a, b, _, _) -> a.mul(b.mul(d(1).sub(b)));
      case POW, AND, OR, XOR -> null;
    };
  }

  /** x, but 0 where it is positive, so that e^x − 1 stays in range; NaN stays. */
  private static FloatVector negative(FloatVector x) {
    return x.blend(0f, x.compare(GT, 0f));
  }

  private static DoubleVector negative(DoubleVector x) {
    return x.blend(0.0, x.compare(GT, 0.0));
  }

  private static FloatVector f(float value) {
    return FloatVector.broadcast(F, value);
  }

  private static DoubleVector d(double value) {
    return DoubleVector.broadcast(D, value);
  }
}
