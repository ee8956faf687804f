package dev.crema.cpu.pointwise;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.UnaryOp;
import dev.crema.cpu.math.MathF32;
import dev.crema.cpu.math.MathF64;
import dev.crema.tensor.UnsupportedOpException;

/** What every operator does to one element, per computing type. A comparison gives 0 or 1. */
final class ScalarOperators {
  private ScalarOperators() {}

  static Loop.F32 f32(UnaryOp op) {
    return switch (op) {
      case NEG -> (x, _, _, _) -> -x;
      case ABS -> (x, _, _, _) -> Math.abs(x);
      case SIGN -> (x, _, _, _) -> x > 0 ? 1 : x < 0 ? -1 : x;
      case RECIPROCAL -> (x, _, _, _) -> 1 / x;
      case SQUARE -> (x, _, _, _) -> x * x;
      case SQRT -> (x, _, _, _) -> (float) Math.sqrt(x);
      case RSQRT -> (x, _, _, _) -> 1 / (float) Math.sqrt(x);
      case EXP -> (x, _, _, _) -> MathF32.exp(x);
      case LOG -> (x, _, _, _) -> MathF32.log(x);
      case SIN -> (x, _, _, _) -> (float) Math.sin(x);
      case COS -> (x, _, _, _) -> (float) Math.cos(x);
      case TANH -> (x, _, _, _) -> MathF32.tanh(x);
      case SIGMOID -> (x, _, _, _) -> MathF32.sigmoid(x);
      case RELU -> (x, _, _, _) -> x <= 0 ? 0 : x;
      case LEAKY_RELU -> (x, _, a, _) -> x > 0 ? x : a * x;
      case ELU -> (x, _, a, _) -> x > 0 ? x : a * MathF32.expm1(x);
      case POW -> (x, _, a, _) -> (float) Math.pow(x, a);
      case CLAMP -> (x, _, a, b) -> Math.min(Math.max(x, a), b);
      case FLOOR -> (x, _, _, _) -> (float) Math.floor(x);
      case CEIL -> (x, _, _, _) -> (float) Math.ceil(x);
      case ROUND -> (x, _, _, _) -> (float) Math.rint(x);
      case NOT -> throw unsupported(op, "f32");
    };
  }

  static Loop.F64 f64(UnaryOp op) {
    return switch (op) {
      case NEG -> (x, _, _, _) -> -x;
      case ABS -> (x, _, _, _) -> Math.abs(x);
      case SIGN -> (x, _, _, _) -> x > 0 ? 1 : x < 0 ? -1 : x;
      case RECIPROCAL -> (x, _, _, _) -> 1 / x;
      case SQUARE -> (x, _, _, _) -> x * x;
      case SQRT -> (x, _, _, _) -> Math.sqrt(x);
      case RSQRT -> (x, _, _, _) -> 1 / Math.sqrt(x);
      case EXP -> (x, _, _, _) -> MathF64.exp(x);
      case LOG -> (x, _, _, _) -> MathF64.log(x);
      case SIN -> (x, _, _, _) -> Math.sin(x);
      case COS -> (x, _, _, _) -> Math.cos(x);
      case TANH -> (x, _, _, _) -> MathF64.tanh(x);
      case SIGMOID -> (x, _, _, _) -> MathF64.sigmoid(x);
      case RELU -> (x, _, _, _) -> x <= 0 ? 0 : x;
      case LEAKY_RELU -> (x, _, a, _) -> x > 0 ? x : a * x;
      case ELU -> (x, _, a, _) -> x > 0 ? x : a * MathF64.expm1(x);
      case POW -> (x, _, a, _) -> Math.pow(x, a);
      case CLAMP -> (x, _, a, b) -> Math.min(Math.max(x, a), b);
      case FLOOR -> (x, _, _, _) -> Math.floor(x);
      case CEIL -> (x, _, _, _) -> Math.ceil(x);
      case ROUND -> (x, _, _, _) -> Math.rint(x);
      case NOT -> throw unsupported(op, "f64");
    };
  }

  static Loop.I64 i64(UnaryOp op) {
    return switch (op) {
      case NEG -> (x, _, _, _) -> -x;
      case ABS -> (x, _, _, _) -> Math.abs(x);
      case SIGN -> (x, _, _, _) -> Long.signum(x);
      case SQUARE -> (x, _, _, _) -> x * x;
      case RELU -> (x, _, _, _) -> Math.max(x, 0);
      case CLAMP -> (x, _, a, b) -> Math.min(Math.max(x, a), b);
      case FLOOR, CEIL, ROUND -> (x, _, _, _) -> x;
      case NOT -> (x, _, _, _) -> x ^ 1;
      case RECIPROCAL, SQRT, RSQRT, EXP, LOG, SIN, COS, TANH, SIGMOID, LEAKY_RELU, ELU, POW ->
          throw unsupported(op, "integers");
    };
  }

  static Loop.F32 f32(BinaryOp op) {
    return switch (op) {
      case ADD -> (a, b, _, _) -> a + b;
      case SUB -> (a, b, _, _) -> a - b;
      case MUL -> (a, b, _, _) -> a * b;
      case DIV -> (a, b, _, _) -> a / b;
      case POW -> (a, b, _, _) -> (float) Math.pow(a, b);
      case MAX -> (a, b, _, _) -> Math.max(a, b);
      case MIN -> (a, b, _, _) -> Math.min(a, b);
      case EQ -> (a, b, _, _) -> a == b ? 1 : 0;
      case NE -> (a, b, _, _) -> a != b ? 1 : 0;
      case LT -> (a, b, _, _) -> a < b ? 1 : 0;
      case LE -> (a, b, _, _) -> a <= b ? 1 : 0;
      case GT -> (a, b, _, _) -> a > b ? 1 : 0;
      case GE -> (a, b, _, _) -> a >= b ? 1 : 0;
      case RELU_GRAD -> (a, b, _, _) -> b > 0 ? a : 0;
      case TANH_GRAD -> (a, b, _, _) -> a * ((1 - b) * (1 + b));
      case SIGMOID_GRAD -> (a, b, _, _) -> a * (b * (1 - b));
      case AND, OR, XOR -> throw unsupported(op, "f32");
    };
  }

  static Loop.F64 f64(BinaryOp op) {
    return switch (op) {
      case ADD -> (a, b, _, _) -> a + b;
      case SUB -> (a, b, _, _) -> a - b;
      case MUL -> (a, b, _, _) -> a * b;
      case DIV -> (a, b, _, _) -> a / b;
      case POW -> (a, b, _, _) -> Math.pow(a, b);
      case MAX -> (a, b, _, _) -> Math.max(a, b);
      case MIN -> (a, b, _, _) -> Math.min(a, b);
      case EQ -> (a, b, _, _) -> a == b ? 1 : 0;
      case NE -> (a, b, _, _) -> a != b ? 1 : 0;
      case LT -> (a, b, _, _) -> a < b ? 1 : 0;
      case LE -> (a, b, _, _) -> a <= b ? 1 : 0;
      case GT -> (a, b, _, _) -> a > b ? 1 : 0;
      case GE -> (a, b, _, _) -> a >= b ? 1 : 0;
      case RELU_GRAD -> (a, b, _, _) -> b > 0 ? a : 0;
      case TANH_GRAD -> (a, b, _, _) -> a * ((1 - b) * (1 + b));
      case SIGMOID_GRAD -> (a, b, _, _) -> a * (b * (1 - b));
      case AND, OR, XOR -> throw unsupported(op, "f64");
    };
  }

  static Loop.I64 i64(BinaryOp op) {
    return switch (op) {
      case ADD -> (a, b, _, _) -> a + b;
      case SUB -> (a, b, _, _) -> a - b;
      case MUL -> (a, b, _, _) -> a * b;
      case MAX -> (a, b, _, _) -> Math.max(a, b);
      case MIN -> (a, b, _, _) -> Math.min(a, b);
      case EQ -> (a, b, _, _) -> a == b ? 1 : 0;
      case NE -> (a, b, _, _) -> a != b ? 1 : 0;
      case LT -> (a, b, _, _) -> a < b ? 1 : 0;
      case LE -> (a, b, _, _) -> a <= b ? 1 : 0;
      case GT -> (a, b, _, _) -> a > b ? 1 : 0;
      case GE -> (a, b, _, _) -> a >= b ? 1 : 0;
      case AND -> (a, b, _, _) -> a & b;
      case OR -> (a, b, _, _) -> a | b;
      case XOR -> (a, b, _, _) -> a ^ b;
      case DIV, POW, RELU_GRAD, TANH_GRAD, SIGMOID_GRAD -> throw unsupported(op, "integers");
    };
  }

  private static UnsupportedOpException unsupported(Enum<?> op, String type) {
    return new UnsupportedOpException(
        "%s: the CPU has none for %s. Hint: convert the operands with to(DType)"
            .formatted(op, type));
  }
}
