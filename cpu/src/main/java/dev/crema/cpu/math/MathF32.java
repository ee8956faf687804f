package dev.crema.cpu.math;

/**
 * The functions of this package in f32, for one number. Largest error found, in units in the last
 * place: exp 1.1, expm1 1.5, log 0.9, tanh 2.4, sigmoid 2.3. Exact at 0, ±∞ and NaN.
 */
public final class MathF32 {
  static final float LOG2_E = 0x1.715476p0f;

  /** ln 2 in two parts; the first has so few bits that its product with an exponent is exact. */
  static final float LN2_HIGH = 0x1.62e4p-1f;

  static final float LN2_LOW = 0x1.7f7d1cp-20f;

  /** Adding this rounds to an integer, which then stands in the lowest bits. */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = 0x4B400000;

  /** Beyond these e^x is 0 or ∞. */
  static final float EXP_MIN = -104;

  static final float EXP_MAX = 89;

  /** Below this e^x − 1 is −1. */
  static final float EXPM1_MIN = -25;

  /** From here on tanh x is 1. */
  static final float TANH_MAX = 10;

  static final float Q4 = 0.0013926326f;
  static final float Q3 = 0.008363293f;
  static final float Q2 = 0.041666552f;
  static final float Q1 = 0.16666576f;
  static final float Q0 = 0.5f;

  static final float P3 = 0.23332763f;
  static final float P2 = 0.28550735f;
  static final float P1 = 0.40000123f;
  static final float P0 = 0.6666667f;

  static final int SQRT_HALF_BITS = 0x3F3504F3;
  static final int ONE_BITS = 0x3F800000;
  static final int MANTISSA = 0x007FFFFF;

  /** 2^23: lifts a subnormal into the normal range. */
  static final float LIFT = 0x1p23f;

  static final int SIGN = 0x80000000;

  private MathF32() {}

  /** e^x. */
  public static float exp(float x) {
    float c = x < EXP_MIN ? EXP_MIN : x;
    c = c > EXP_MAX ? EXP_MAX : c;
    float t = Math.fma(c, LOG2_E, ROUNDER);
    float y = 1 + polynomial(remainder(c, t - ROUNDER));
    int k = Float.floatToRawIntBits(t) - ROUNDER_BITS;
    int half = k >> 1; // 2^k itself may be out of range
    return y * power2(half) * power2(k - half);
  }

  /** e^x − 1, for x up to 40. */
  public static float expm1(float x) {
    float c = x < EXPM1_MIN ? EXPM1_MIN : x;
    float t = Math.fma(c, LOG2_E, ROUNDER);
    float y = polynomial(remainder(c, t - ROUNDER));
    float scale = power2(Float.floatToRawIntBits(t) - ROUNDER_BITS);
    return Math.fma(scale, y, scale - 1);
  }

  /** tanh x = (e^2x − 1) / (e^2x + 1). */
  public static float tanh(float x) {
    float c = Math.abs(x);
    c = c > TANH_MAX ? TANH_MAX : c;
    float e = expm1(c + c);
    float y = e / (e + 2);
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) | Float.floatToRawIntBits(x) & SIGN);
  }

  /** 1 / (1 + e^−x), from e^−|x| so that neither end loses digits. */
  public static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  /** ln x. */
  public static float log(float x) {
    boolean subnormal = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(subnormal ? x * LIFT : x) + (ONE_BITS - SQRT_HALF_BITS);
    float k = (bits >>> 23) - (subnormal ? 150f : 127f);
    float f = Float.intBitsToFloat((bits & MANTISSA) + SQRT_HALF_BITS) - 1;
    float s = f / (2 + f);
    float z = s * s;
    float p = Math.fma(Math.fma(Math.fma(P3, z, P2), z, P1), z, P0) * z;
    float h = 0.5f * f * f;
    float y = Math.fma(k, LN2_HIGH, f - (h - Math.fma(s, h + p, k * LN2_LOW)));
    if (!(x < Float.POSITIVE_INFINITY)) {
      return x;
    }
    return x > 0 ? y : x == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
  }

  private static float remainder(float x, float k) {
    return Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, x));
  }

  /** e^r − 1. */
  private static float polynomial(float r) {
    float q = Math.fma(Math.fma(Math.fma(Math.fma(Q4, r, Q3), r, Q2), r, Q1), r, Q0);
    return Math.fma(q, r * r, r);
  }

  private static float power2(int k) {
    return Float.intBitsToFloat((k + 127) << 23);
  }
}
