package dev.crema.tck;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.Chain;
import dev.crema.backend.UnaryOp;
import dev.crema.tensor.DType;
import dev.crema.tensor.Half;

/** What each elementwise op means for one number: in f64 for floating types, else in i64. */
final class ReferenceMath {
  private ReferenceMath() {}

  static double unary(UnaryOp op, double a, double b, double x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case RECIPROCAL -> 1 / x;
      case SQUARE -> x * x;
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case EXP -> StrictMath.exp(x);
      case LOG -> StrictMath.log(x);
      case SIN -> StrictMath.sin(x);
      case COS -> StrictMath.cos(x);
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x > 0 ? x : a * x;
      case ELU -> x > 0 ? x : a * StrictMath.expm1(x);
      case POW -> StrictMath.pow(x, a);
      case CLAMP -> Math.min(Math.max(x, a), b);
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
      case NOT -> throw new IllegalArgumentException("not of a number");
    };
  }

  static long unary(UnaryOp op, double a, double b, long x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Long.signum(x);
      case SQUARE -> x * x;
      case RELU -> Math.max(x, 0);
      case CLAMP -> Math.min(Math.max(x, (long) a), (long) b);
      case NOT -> 1 - x;
      default -> throw new IllegalArgumentException(op + " of an integer");
    };
  }

  static double binary(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case POW -> StrictMath.pow(a, b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case EQ -> a == b ? 1 : 0;
      case NE -> a != b ? 1 : 0;
      case LT -> a < b ? 1 : 0;
      case LE -> a <= b ? 1 : 0;
      case GT -> a > b ? 1 : 0;
      case GE -> a >= b ? 1 : 0;
      case RELU_GRAD -> b > 0 ? a : 0;
      case TANH_GRAD -> a * (1 - b * b);
      case SIGMOID_GRAD -> a * b * (1 - b);
      case AND, OR, XOR -> throw new IllegalArgumentException(op + " of numbers");
    };
  }

  static long binary(BinaryOp op, long a, long b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case EQ -> a == b ? 1 : 0;
      case NE -> a != b ? 1 : 0;
      case LT -> a < b ? 1 : 0;
      case LE -> a <= b ? 1 : 0;
      case GT -> a > b ? 1 : 0;
      case GE -> a >= b ? 1 : 0;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      default -> throw new IllegalArgumentException(op + " of integers");
    };
  }

  /** One step of a chain, of the operands so far. */
  static double step(Chain.Step step, double[] operands) {
    return switch (step) {
      case Chain.Unary u -> unary(u.op(), u.a(), u.b(), operands[u.x()]);
      case Chain.Binary b -> binary(b.op(), operands[b.a()], operands[b.b()]);
      case Chain.Where w -> operands[operands[w.condition()] != 0 ? w.a() : w.b()];
    };
  }

  /** As an element of a floating dtype carries it. */
  static double rounded(DType dtype, double x) {
    return switch (dtype) {
      case F32 -> (float) x;
      case F16, BF16 -> Half.value(dtype, Half.bits(dtype, (float) x));
      default -> x;
    };
  }
}
