package dev.crema.backend;

/**
 * Elementwise functions of one operand x, with up to two parameters a and b. The result has x's
 * dtype.
 */
public enum UnaryOp {
  NEG,
  ABS,
  /** −1, 0 or 1; NaN stays. */
  SIGN,
  RECIPROCAL,
  SQUARE,
  SQRT,
  RSQRT,
  EXP,
  LOG,
  SIN,
  COS,
  TANH,
  /** 1 / (1 + e^−x). */
  SIGMOID,
  /** max(x, 0); NaN stays. */
  RELU,
  /** x where x > 0, else a·x. */
  LEAKY_RELU,
  /** x where x > 0, else a·(e^x − 1). */
  ELU,
  /** x^a. */
  POW,
  /** min(max(x, a), b); NaN stays. */
  CLAMP,
  FLOOR,
  CEIL,
  /** To the nearest integer, ties to even. */
  ROUND,
  /** Logical not, of bool. */
  NOT;
}
