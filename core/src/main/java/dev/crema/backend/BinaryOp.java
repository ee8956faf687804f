package dev.crema.backend;

/**
 * Elementwise functions of two operands a and b of one dtype. The comparisons give bool, all others
 * the operands' dtype.
 */
public enum BinaryOp {
  ADD,
  SUB,
  MUL,
  /** Division of floating numbers; integers have none. */
  DIV,
  /** a^b, floating only. */
  POW,
  /** The larger; NaN if either is. */
  MAX,
  /** The smaller; NaN if either is. */
  MIN,
  EQ,
  NE,
  LT,
  LE,
  GT,
  GE,
  /** Logical and, of bool. */
  AND,
  /** Logical or, of bool. */
  OR,
  /** Logical exclusive or, of bool. */
  XOR,
  /** a where b > 0, else 0: the gradient a of a ReLU whose output was b. */
  RELU_GRAD,
  /** a(1 − b²): the gradient a of a tanh whose output was b. */
  TANH_GRAD,
  /** a·b(1 − b): the gradient a of a sigmoid whose output was b. */
  SIGMOID_GRAD;

  /** Whether the result is bool whatever the operands are. */
  public boolean isComparison() {
    return switch (this) {
      case EQ, NE, LT, LE, GT, GE -> true;
      default -> false;
    };
  }

  /** Whether the operands are bool. */
  public boolean isLogical() {
    return this == AND || this == OR || this == XOR;
  }

  /** Whether only floating operands are allowed. */
  public boolean isFloatingOnly() {
    return switch (this) {
      case DIV, POW, RELU_GRAD, TANH_GRAD, SIGMOID_GRAD -> true;
      default -> false;
    };
  }
}
