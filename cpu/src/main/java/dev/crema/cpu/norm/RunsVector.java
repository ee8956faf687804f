package dev.crema.cpu.norm;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;
import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import dev.crema.cpu.reduce.Wide;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** {@link Runs} with vectors; the elementwise ones bit for bit as without. */
final class RunsVector {
  private RunsVector() {}

  static void affine(
      float[] x, int xo, float shift, float scale, float bias, float[] y, int yo, int n) {
    FloatVector scales = FloatVector.broadcast(F, scale);
    FloatVector biases = FloatVector.broadcast(F, bias);
    int i = 0;
    for (; i < F.loopBound(n); i += F_LENGTH) {
      FloatVector.fromArray(F, x, xo + i).sub(shift).fma(scales, biases).intoArray(y, yo + i);
    }
    RunsScalar.affine(x, xo + i, shift, scale, bias, y, yo + i, n - i);
  }

  static void combine(
      float[] p,
      int po,
      float a,
      float[] x,
      int xo,
      float shift,
      float b,
      float c,
      float[] y,
      int yo,
      int n) {
    FloatVector as = FloatVector.broadcast(F, a);
    FloatVector bs = FloatVector.broadcast(F, b);
    FloatVector cs = FloatVector.broadcast(F, c);
    int i = 0;
    for (; i < F.loopBound(n); i += F_LENGTH) {
      FloatVector inner = FloatVector.fromArray(F, x, xo + i).sub(shift).fma(bs, cs);
      FloatVector.fromArray(F, p, po + i).fma(as, inner).intoArray(y, yo + i);
    }
    RunsScalar.combine(p, po + i, a, x, xo + i, shift, b, c, y, yo + i, n - i);
  }

  static double dot(float[] p, int po, double pShift, float[] x, int xo, double xShift, int n) {
    DoubleVector even = DoubleVector.zero(D);
    DoubleVector odd = even;
    int i = 0;
    for (; i <= n - 2 * D_LENGTH; i += 2 * D_LENGTH) {
      DoubleVector p0 = Wide.load(p, po + i).sub(pShift);
      DoubleVector p1 = Wide.load(p, po + i + D_LENGTH).sub(pShift);
      even = p0.fma(Wide.load(x, xo + i).sub(xShift), even);
      odd = p1.fma(Wide.load(x, xo + i + D_LENGTH).sub(xShift), odd);
    }
    return Wide.sum(even.add(odd)) + RunsScalar.dot(p, po + i, pShift, x, xo + i, xShift, n - i);
  }

  static void affine(
      double[] x, int xo, double shift, double scale, double bias, double[] y, int yo, int n) {
    DoubleVector scales = DoubleVector.broadcast(D, scale);
    DoubleVector biases = DoubleVector.broadcast(D, bias);
    int i = 0;
    for (; i < D.loopBound(n); i += D_LENGTH) {
      DoubleVector.fromArray(D, x, xo + i).sub(shift).fma(scales, biases).intoArray(y, yo + i);
    }
    RunsScalar.affine(x, xo + i, shift, scale, bias, y, yo + i, n - i);
  }

  static void combine(
      double[] p,
      int po,
      double a,
      double[] x,
      int xo,
      double shift,
      double b,
      double c,
      double[] y,
      int yo,
      int n) {
    DoubleVector as = DoubleVector.broadcast(D, a);
    DoubleVector bs = DoubleVector.broadcast(D, b);
    DoubleVector cs = DoubleVector.broadcast(D, c);
    int i = 0;
    for (; i < D.loopBound(n); i += D_LENGTH) {
      DoubleVector inner = DoubleVector.fromArray(D, x, xo + i).sub(shift).fma(bs, cs);
      DoubleVector.fromArray(D, p, po + i).fma(as, inner).intoArray(y, yo + i);
    }
    RunsScalar.combine(p, po + i, a, x, xo + i, shift, b, c, y, yo + i, n - i);
  }

  static double dot(double[] p, int po, double pShift, double[] x, int xo, double xShift, int n) {
    DoubleVector even = DoubleVector.zero(D);
    DoubleVector odd = even;
    int i = 0;
    for (; i <= n - 2 * D_LENGTH; i += 2 * D_LENGTH) {
      DoubleVector p0 = DoubleVector.fromArray(D, p, po + i).sub(pShift);
      DoubleVector p1 = DoubleVector.fromArray(D, p, po + i + D_LENGTH).sub(pShift);
      even = p0.fma(DoubleVector.fromArray(D, x, xo + i).sub(xShift), even);
      odd = p1.fma(DoubleVector.fromArray(D, x, xo + i + D_LENGTH).sub(xShift), odd);
    }
    return Wide.sum(even.add(odd)) + RunsScalar.dot(p, po + i, pShift, x, xo + i, xShift, n - i);
  }
}
