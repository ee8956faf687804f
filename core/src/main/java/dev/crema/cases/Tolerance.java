package dev.crema.cases;

import dev.crema.tensor.DType;

/**
 * How far two backends' results of one case may differ, in units of the dtype's epsilon: {@code
 * relative} of the element itself, plus {@code absolute} of the largest finite element of the
 * result.
 */
public record Tolerance(double relative, double absolute) {

  /**
   * Units that f16 and bf16 may differ by, at most: they are summed in f32, and rounded only
   * between the steps of what a case is composed of.
   */
  private static final double HALF = 2;

  /** Not at all: moved elements, and integer-valued numbers whose sums are exact. */
  public static final Tolerance EXACT = new Tolerance(0, 0);

  /** Elementwise functions: some units in the last place. */
  public static final Tolerance ULPS = new Tolerance(8, 0);

  /** Sums of {@code terms} products, in any order: the rounding of each may add up. */
  public static Tolerance sum(int terms) {
    return new Tolerance(8, 8 + terms);
  }

  /** The allowed difference at an element. */
  public double at(double expected, double largest, DType dtype) {
    if (dtype.isHalf()) {
      double epsilon = dtype == DType.F16 ? 0x1p-10 : 0x1p-7;
      double units = Math.clamp(relative, 1, HALF); // of EXACT: a sum and its bias, each rounded
      return epsilon * (units * Math.abs(expected) + Math.min(HALF, absolute) * largest);
    }
    double epsilon = dtype == DType.F32 ? 0x1p-23 : 0x1p-52;
    return epsilon * (relative * Math.abs(expected) + absolute * largest);
  }

  /** What the gradients of a case of this tolerance may differ by: they are sums. */
  public Tolerance ofGradient() {
    return equals(EXACT) ? EXACT : new Tolerance(relative, Math.max(16, absolute));
  }
}
