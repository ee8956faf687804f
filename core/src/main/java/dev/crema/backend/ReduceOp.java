package dev.crema.backend;

/** How a reduction combines elements. */
public enum ReduceOp {
  /** The sum; of an empty range 0. Integers and bool sum to i64. */
  SUM,
  /** The largest; NaN if any is. */
  MAX,
  /** The smallest; NaN if any is. */
  MIN
}
