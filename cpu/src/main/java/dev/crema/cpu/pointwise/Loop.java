package dev.crema.cpu.pointwise;

/**
 * An operator on dense arrays of one computing type: {@code float[]}, {@code double[]} or {@code
 * long[]}.
 */
public interface Loop {

  /**
   * y[yo + i] = op(a[ao + i], b[bo + i], p, q) for i below n; y may be a or b, at the same place.
   */
  void run(Object a, int ao, Object b, int bo, double p, double q, Object y, int yo, int n);

  /** An operator of f32 numbers: operands a and b, or one operand a and parameters p and q. */
  interface F32 {
    float apply(float a, float b, float p, float q);
  }

  /** An operator of f64 numbers. */
  interface F64 {
    double apply(double a, double b, double p, double q);
  }

  /** An operator of i64 numbers. */
  interface I64 {
    long apply(long a, long b, long p, long q);
  }
}
