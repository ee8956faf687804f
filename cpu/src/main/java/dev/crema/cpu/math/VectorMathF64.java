package dev.crema.cpu.math;

import static dev.crema.cpu.math.MathF64.MANTISSA;
import static dev.crema.cpu.math.MathF64.ONE_BITS;
import static dev.crema.cpu.math.MathF64.ROUNDER_BITS;
import static dev.crema.cpu.math.MathF64.SIGN;
import static dev.crema.cpu.math.MathF64.SQRT_HALF_BITS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.crema.cpu.simd.Lanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

/** {@link MathF64} on vectors: line for line the same operations, with blends for conditions. */
public final class VectorMathF64 {
  // As vectors: C2 inlines no more than so many nodes, and each broadcast would cost dozens.
  private static final DoubleVector LOG2_E = of(MathF64.LOG2_E);
  private static final DoubleVector LN2_HIGH = of(MathF64.LN2_HIGH);
  private static final DoubleVector LN2_LOW = of(MathF64.LN2_LOW);
  private static final DoubleVector ROUNDER = of(MathF64.ROUNDER);
  private static final DoubleVector EXP_MIN = of(MathF64.EXP_MIN);
  private static final DoubleVector EXP_MAX = of(MathF64.EXP_MAX);
  private static final DoubleVector EXPM1_MIN = of(MathF64.EXPM1_MIN);
  private static final DoubleVector TANH_MAX = of(MathF64.TANH_MAX);
  private static final DoubleVector LIFT = of(MathF64.LIFT);
  private static final DoubleVector Q10 = of(MathF64.Q10);
  private static final DoubleVector Q9 = of(MathF64.Q9);
  private static final DoubleVector Q8 = of(MathF64.Q8);
  private static final DoubleVector Q7 = of(MathF64.Q7);
  private static final DoubleVector Q6 = of(MathF64.Q6);
  private static final DoubleVector Q5 = of(MathF64.Q5);
  private static final DoubleVector Q4 = of(MathF64.Q4);
  private static final DoubleVector Q3 = of(MathF64.Q3);
  private static final DoubleVector Q2 = of(MathF64.Q2);
  private static final DoubleVector Q1 = of(MathF64.Q1);
  private static final DoubleVector Q0 = of(MathF64.Q0);
  private static final DoubleVector P6 = of(MathF64.P6);
  private static final DoubleVector P5 = of(MathF64.P5);
  private static final DoubleVector P4 = of(MathF64.P4);
  private static final DoubleVector P3 = of(MathF64.P3);
  private static final DoubleVector P2 = of(MathF64.P2);
  private static final DoubleVector P1 = of(MathF64.P1);
  private static final DoubleVector P0 = of(MathF64.P0);
  private static final DoubleVector MINUS_LN2_HIGH = LN2_HIGH.neg();
  private static final DoubleVector MINUS_LN2_LOW = LN2_LOW.neg();
  private static final DoubleVector ZERO = of(0);
  private static final DoubleVector HALF = of(0.5);
  private static final DoubleVector ONE = of(1);
  private static final DoubleVector TWO = of(2);
  private static final DoubleVector MIN_NORMAL = of(Double.MIN_NORMAL);
  private static final DoubleVector INFINITY = of(Double.POSITIVE_INFINITY);
  private static final DoubleVector MINUS_INFINITY = of(Double.NEGATIVE_INFINITY);
  private static final DoubleVector NAN = of(Double.NaN);

  /**
   * What is to be taken off an exponent read under the bits of 2^52: for a lifted subnormal more.
   */
  private static final DoubleVector BIAS = of(0x1p52 + 1023);

  private static final DoubleVector LIFTED_BIAS = of(0x1p52 + 1075);

  private VectorMathF64() {}

  /** e^x. */
  public static DoubleVector exp(DoubleVector x) {
    DoubleVector c = x.blend(EXP_MIN, x.compare(LT, EXP_MIN));
    c = c.blend(EXP_MAX, c.compare(GT, EXP_MAX));
    DoubleVector t = c.fma(LOG2_E, ROUNDER);
    DoubleVector y = polynomial(remainder(c, t.sub(ROUNDER))).add(ONE);
    LongVector k = t.reinterpretAsLongs().sub(ROUNDER_BITS);
    LongVector half = k.lanewise(ASHR, 1);
    return y.mul(power2(half)).mul(power2(k.sub(half)));
  }

  /** e^x − 1, for x up to 40. */
  public static DoubleVector expm1(DoubleVector x) {
    DoubleVector c = x.blend(EXPM1_MIN, x.compare(LT, EXPM1_MIN));
    DoubleVector t = c.fma(LOG2_E, ROUNDER);
    DoubleVector y = polynomial(remainder(c, t.sub(ROUNDER)));
    DoubleVector scale = power2(t.reinterpretAsLongs().sub(ROUNDER_BITS));
    return scale.fma(y, scale.sub(ONE));
  }

  /** tanh x. */
  public static DoubleVector tanh(DoubleVector x) {
    DoubleVector c = x.abs();
    c = c.blend(TANH_MAX, c.compare(GT, TANH_MAX));
    DoubleVector e = expm1(c.add(c));
    DoubleVector y = e.div(e.add(TWO));
    return y.reinterpretAsLongs().or(x.reinterpretAsLongs().and(SIGN)).reinterpretAsDoubles();
  }

  /** 1 / (1 + e^−x). */
  public static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector e = exp(x.abs().neg());
    return ONE.blend(e, x.compare(LT, ZERO)).div(e.add(ONE));
  }

  /** ln x. */
  public static DoubleVector log(DoubleVector x) {
    var subnormal = x.compare(LT, MIN_NORMAL);
    LongVector bits =
        x.blend(x.mul(LIFT), subnormal).reinterpretAsLongs().add(ONE_BITS - SQRT_HALF_BITS);
    // The exponent as a number: its bits under those of 2^52.
    DoubleVector k =
        bits.lanewise(LSHR, 52)
            .or(0x4330000000000000L)
            .reinterpretAsDoubles()
            .sub(BIAS.blend(LIFTED_BIAS, subnormal));
    DoubleVector f = bits.and(MANTISSA).add(SQRT_HALF_BITS).reinterpretAsDoubles().sub(ONE);
    DoubleVector s = f.div(f.add(TWO));
    DoubleVector z = s.mul(s);
    DoubleVector p = P6.fma(z, P5).fma(z, P4).fma(z, P3).fma(z, P2).fma(z, P1).fma(z, P0).mul(z);
    DoubleVector h = f.mul(HALF).mul(f);
    DoubleVector y = k.fma(LN2_HIGH, f.sub(h.sub(s.fma(h.add(p), k.mul(LN2_LOW)))));
    y = y.blend(NAN, x.compare(LT, ZERO)).blend(MINUS_INFINITY, x.compare(EQ, ZERO));
    return x.blend(y, x.compare(LT, INFINITY));
  }

  private static DoubleVector remainder(DoubleVector x, DoubleVector k) {
    return k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
  }

  private static DoubleVector polynomial(DoubleVector r) {
    DoubleVector q =
        Q10.fma(r, Q9)
            .fma(r, Q8)
            .fma(r, Q7)
            .fma(r, Q6)
            .fma(r, Q5)
            .fma(r, Q4)
            .fma(r, Q3)
            .fma(r, Q2)
            .fma(r, Q1)
            .fma(r, Q0);
    return q.fma(r.mul(r), r);
  }

  private static DoubleVector power2(LongVector k) {
    return k.add(1023).lanewise(LSHL, 52).reinterpretAsDoubles();
  }

  private static DoubleVector of(double value) {
    return DoubleVector.broadcast(Lanes.D, value);
  }
}
