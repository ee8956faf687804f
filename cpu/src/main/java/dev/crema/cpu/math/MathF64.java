package dev.crema.cpu.math;

/**
 * The functions of this package in f64, for one number. Largest error found, in units in the last
 * place: exp 1, expm1 2, log 1, tanh 4, sigmoid 2. Exact at 0, ±∞ and NaN.
 */
public final class MathF64 {
  static final double LOG2_E = 0x1.71547652b82fep0;

  /** ln 2 in two parts; the first has so few bits that its product with an exponent is exact. */
  static final double LN2_HIGH = 0x1.62e42feep-1;

  static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /** Adding this rounds to an integer, which then stands in the lowest bits. */
  static final double ROUNDER = 0x1.8p52;

  static final long ROUNDER_BITS = 0x4338000000000000L;

  /** Beyond these e^x is 0 or ∞. */
  static final double EXP_MIN = -746;

  static final double EXP_MAX = 710;

  /** Below this e^x − 1 is −1. */
  static final double EXPM1_MIN = -50;

  /** From here on tanh x is 1. */
  static final double TANH_MAX = 20;

  static final double Q10 = 2.091483135138041e-09;
  static final double Q9 = 2.5105419192016337e-08;
  static final double Q8 = 2.7557273295539724e-07;
  static final double Q7 = 2.75572549134867e-06;
  static final double Q6 = 2.4801587325822283e-05;
  static final double Q5 = 0.00019841269875205077;
  static final double Q4 = 0.001388888888888367;
  static final double Q3 = 0.008333333333326025;
  static final double Q2 = 0.04166666666666667;
  static final double Q1 = 0.1666666666666667;
  static final double Q0 = 0.5;

  static final double P6 = 0.1461916613488797;
  static final double P5 = 0.1533150161114533;
  static final double P4 = 0.18182895750119193;
  static final double P3 = 0.22222211043776857;
  static final double P2 = 0.2857142862653362;
  static final double P1 = 0.3999999999989827;
  static final double P0 = 0.666666666666667;

  static final long SQRT_HALF_BITS = 0x3FE6A09E667F3BCDL;
  static final long ONE_BITS = 0x3FF0000000000000L;
  static final long MANTISSA = 0x000FFFFFFFFFFFFFL;

  /** 2^52: lifts a subnormal into the normal range. */
  static final double LIFT = 0x1p52;

  static final long SIGN = 0x8000000000000000L;

  private MathF64() {}

  /** e^x. */
  public static double exp(double x) {
    double c = x < EXP_MIN ? EXP_MIN : x;
    c = c > EXP_MAX ? EXP_MAX : c;
    double t = Math.fma(c, LOG2_E, ROUNDER);
    double y = 1 + polynomial(remainder(c, t - ROUNDER));
    long k = Double.doubleToRawLongBits(t) - ROUNDER_BITS;
    long half = k >> 1; // 2^k itself may be out of range
    return y * power2(half) * power2(k - half);
  }

  /** e^x − 1, for x up to 40. */
  public static double expm1(double x) {
    double c = x < EXPM1_MIN ? EXPM1_MIN : x;
    double t = Math.fma(c, LOG2_E, ROUNDER);
    double y = polynomial(remainder(c, t - ROUNDER));
    double scale = power2(Double.doubleToRawLongBits(t) - ROUNDER_BITS);
    return Math.fma(scale, y, scale - 1);
  }

  /** tanh x = (e^2x − 1) / (e^2x + 1). */
  public static double tanh(double x) {
    double c = Math.abs(x);
    c = c > TANH_MAX ? TANH_MAX : c;
    double e = expm1(c + c);
    double y = e / (e + 2);
    return Double.longBitsToDouble(
        Double.doubleToRawLongBits(y) | Double.doubleToRawLongBits(x) & SIGN);
  }

  /** 1 / (1 + e^−x), from e^−|x| so that neither end loses digits. */
  public static double sigmoid(double x) {
    double e = exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  /** ln x. */
  public static double log(double x) {
    boolean subnormal = x < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(subnormal ? x * LIFT : x) + (ONE_BITS - SQRT_HALF_BITS);
    double k = (bits >>> 52) - (subnormal ? 1075.0 : 1023.0);
    double f = Double.longBitsToDouble((bits & MANTISSA) + SQRT_HALF_BITS) - 1;
    double s = f / (2 + f);
    double z = s * s;
    double p = Math.fma(P6, z, P5);
    p = Math.fma(p, z, P4);
    p = Math.fma(p, z, P3);
    p = Math.fma(p, z, P2);
    p = Math.fma(p, z, P1);
    p = Math.fma(p, z, P0);
    p *= z;
    double h = 0.5 * f * f;
    double y = Math.fma(k, LN2_HIGH, f - (h - Math.fma(s, h + p, k * LN2_LOW)));
    if (!(x < Double.POSITIVE_INFINITY)) {
      return x;
    }
    return x > 0 ? y : x == 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
  }

  private static double remainder(double x, double k) {
    return Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, x));
  }

  /** e^r − 1. */
  private static double polynomial(double r) {
    double q = Math.fma(Q10, r, Q9);
    q = Math.fma(q, r, Q8);
    q = Math.fma(q, r, Q7);
    q = Math.fma(q, r, Q6);
    q = Math.fma(q, r, Q5);
    q = Math.fma(q, r, Q4);
    q = Math.fma(q, r, Q3);
    q = Math.fma(q, r, Q2);
    q = Math.fma(q, r, Q1);
    q = Math.fma(q, r, Q0);
    return Math.fma(q, r * r, r);
  }

  private static double power2(long k) {
    return Double.longBitsToDouble((k + 1023) << 52);
  }
}
