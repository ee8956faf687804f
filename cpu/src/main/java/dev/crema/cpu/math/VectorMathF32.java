package dev.crema.cpu.math;

import static dev.crema.cpu.math.MathF32.MANTISSA;
import static dev.crema.cpu.math.MathF32.ONE_BITS;
import static dev.crema.cpu.math.MathF32.ROUNDER_BITS;
import static dev.crema.cpu.math.MathF32.SIGN;
import static dev.crema.cpu.math.MathF32.SQRT_HALF_BITS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.crema.cpu.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** {@link MathF32} on vectors: line for line the same operations, with blends for conditions. */
public final class VectorMathF32 {
  // As vectors: C2 inlines no more than so many nodes, and each broadcast would cost dozens.
  private static final FloatVector LOG2_E = of(MathF32.LOG2_E);
  private static final FloatVector LN2_HIGH = of(MathF32.LN2_HIGH);
  private static final FloatVector LN2_LOW = of(MathF32.LN2_LOW);
  private static final FloatVector ROUNDER = of(MathF32.ROUNDER);
  private static final FloatVector EXP_MIN = of(MathF32.EXP_MIN);
  private static final FloatVector EXP_MAX = of(MathF32.EXP_MAX);
  private static final FloatVector EXPM1_MIN = of(MathF32.EXPM1_MIN);
  private static final FloatVector TANH_MAX = of(MathF32.TANH_MAX);
  private static final FloatVector LIFT = of(MathF32.LIFT);
  private static final FloatVector Q4 = of(MathF32.Q4);
  private static final FloatVector Q3 = of(MathF32.Q3);
  private static final FloatVector Q2 = of(MathF32.Q2);
  private static final FloatVector Q1 = of(MathF32.Q1);
  private static final FloatVector Q0 = of(MathF32.Q0);
  private static final FloatVector P3 = of(MathF32.P3);
  private static final FloatVector P2 = of(MathF32.P2);
  private static final FloatVector P1 = of(MathF32.P1);
  private static final FloatVector P0 = of(MathF32.P0);
  private static final FloatVector MINUS_LN2_HIGH = LN2_HIGH.neg();
  private static final FloatVector MINUS_LN2_LOW = LN2_LOW.neg();
  private static final FloatVector ZERO = of(0);
  private static final FloatVector HALF = of(0.5f);
  private static final FloatVector ONE = of(1);
  private static final FloatVector TWO = of(2);
  private static final FloatVector MIN_NORMAL = of(Float.MIN_NORMAL);
  private static final FloatVector INFINITY = of(Float.POSITIVE_INFINITY);
  private static final FloatVector MINUS_INFINITY = of(Float.NEGATIVE_INFINITY);
  private static final FloatVector NAN = of(Float.NaN);

  /**
   * What is to be taken off an exponent read under the bits of 2^23: for a lifted subnormal more.
   */
  private static final FloatVector BIAS = of(0x1p23f + 127);

  private static final FloatVector LIFTED_BIAS = of(0x1p23f + 150);

  private VectorMathF32() {}

  /** e^x. */
  public static FloatVector exp(FloatVector x) {
    FloatVector c = x.blend(EXP_MIN, x.compare(LT, EXP_MIN));
    c = c.blend(EXP_MAX, c.compare(GT, EXP_MAX));
    FloatVector t = c.fma(LOG2_E, ROUNDER);
    FloatVector y = polynomial(remainder(c, t.sub(ROUNDER))).add(ONE);
    IntVector k = t.reinterpretAsInts().sub(ROUNDER_BITS);
    IntVector half = k.lanewise(ASHR, 1);
    return y.mul(power2(half)).mul(power2(k.sub(half)));
  }

  /** e^x − 1, for x up to 40. */
  public static FloatVector expm1(FloatVector x) {
    FloatVector c = x.blend(EXPM1_MIN, x.compare(LT, EXPM1_MIN));
    FloatVector t = c.fma(LOG2_E, ROUNDER);
    FloatVector y = polynomial(remainder(c, t.sub(ROUNDER)));
    FloatVector scale = power2(t.reinterpretAsInts().sub(ROUNDER_BITS));
    return scale.fma(y, scale.sub(ONE));
  }

  /** tanh x. */
  public static FloatVector tanh(FloatVector x) {
    FloatVector c = x.abs();
    c = c.blend(TANH_MAX, c.compare(GT, TANH_MAX));
    FloatVector e = expm1(c.add(c));
    FloatVector y = e.div(e.add(TWO));
    return y.reinterpretAsInts().or(x.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
  }

  /** 1 / (1 + e^−x). */
  public static FloatVector sigmoid(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    return ONE.blend(e, x.compare(LT, ZERO)).div(e.add(ONE));
  }

  /** ln x. */
  public static FloatVector log(FloatVector x) {
    var subnormal = x.compare(LT, MIN_NORMAL);
    IntVector bits =
        x.blend(x.mul(LIFT), subnormal).reinterpretAsInts().add(ONE_BITS - SQRT_HALF_BITS);
    // The exponent as a float: its bits under those of 2^23.
    FloatVector k =
        bits.lanewise(LSHR, 23)
            .or(0x4B000000)
            .reinterpretAsFloats()
            .sub(BIAS.blend(LIFTED_BIAS, subnormal));
    FloatVector f = bits.and(MANTISSA).add(SQRT_HALF_BITS).reinterpretAsFloats().sub(ONE);
    FloatVector s = f.div(f.add(TWO));
    FloatVector z = s.mul(s);
    FloatVector p = P3.fma(z, P2).fma(z, P1).fma(z, P0).mul(z);
    FloatVector h = f.mul(HALF).mul(f);
    FloatVector y = k.fma(LN2_HIGH, f.sub(h.sub(s.fma(h.add(p), k.mul(LN2_LOW)))));
    y = y.blend(NAN, x.compare(LT, ZERO)).blend(MINUS_INFINITY, x.compare(EQ, ZERO));
    return x.blend(y, x.compare(LT, INFINITY));
  }

  private static FloatVector remainder(FloatVector x, FloatVector k) {
    return k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
  }

  private static FloatVector polynomial(FloatVector r) {
    FloatVector q = Q4.fma(r, Q3).fma(r, Q2).fma(r, Q1).fma(r, Q0);
    return q.fma(r.mul(r), r);
  }

  private static FloatVector power2(IntVector k) {
    return k.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
  }

  private static FloatVector of(float value) {
    return FloatVector.broadcast(Lanes.F, value);
  }
}
