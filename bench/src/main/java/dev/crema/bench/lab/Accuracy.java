package dev.crema.bench.lab;

import dev.crema.tensor.DType;

/**
 * How far a result is from the reference in f64. Both errors are relative to the root mean square
 * of the reference's elements, so that elements near zero do not count for more than others.
 *
 * @param max the largest difference
 * @param rms the root mean square of the differences
 * @param maxBound what {@code max} may be, for a kernel to count as right
 * @param rmsBound what {@code rms} may be
 */
public record Accuracy(double max, double rms, double maxBound, double rmsBound) {
  /** The bounds, in words for a help text. */
  public static final String RULE =
      "RMS error at most 16 u (8 + sqrt(k)), largest error at most 16 times that, where k is the"
          + " number of terms in one sum and u is 2^-24 in f32, 2^-53 in f64";

  /**
   * Compares.
   *
   * @param terms of the sum behind one element; rounding errors grow as its square root
   */
  static Accuracy of(double[] reference, Object result, DType dtype, long terms) {
    double squares = 0;
    double errors = 0;
    double max = 0;
    float[] f32 = result instanceof float[] a ? a : null;
    double[] f64 = result instanceof double[] a ? a : null;
    for (int i = 0; i < reference.length; i++) {
      double value = f32 != null ? f32[i] : f64 != null ? f64[i] : Double.NaN;
      double error = Math.abs(value - reference[i]);
      squares += reference[i] * reference[i];
      errors += error * error;
      max = Math.max(max, error);
    }
    double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
    double bound = 16 * unit * (8 + Math.sqrt(terms));
    double scale = squares == 0 ? 1 : Math.sqrt(squares / reference.length);
    double rms = Math.sqrt(errors / Math.max(1, reference.length));
    return new Accuracy(max / scale, rms / scale, 16 * bound, bound);
  }

  /** Whether both errors are within their bounds; not a number is not. */
  public boolean passes() {
    return max <= maxBound && rms <= rmsBound;
  }
}
