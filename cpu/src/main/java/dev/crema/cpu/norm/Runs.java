package dev.crema.cpu.norm;

import dev.crema.cpu.simd.Simd;

/** The three steps that normalisations are made of, on dense runs of f32 or f64. */
final class Runs {
  private Runs() {}

  /** y[yo + i] = (x[xo + i] − shift)·scale + bias, the product and sum rounded once. */
  static void affine(
      Object x, int xo, double shift, double scale, double bias, Object y, int yo, int n) {
    if (x instanceof float[] f) {
      float[] g = (float[]) y;
      if (Simd.VECTOR) {
        RunsVector.affine(f, xo, (float) shift, (float) scale, (float) bias, g, yo, n);
      } else {
        RunsScalar.affine(f, xo, (float) shift, (float) scale, (float) bias, g, yo, n);
      }
    } else if (Simd.VECTOR) {
      RunsVector.affine((double[]) x, xo, shift, scale, bias, (double[]) y, yo, n);
    } else {
      RunsScalar.affine((double[]) x, xo, shift, scale, bias, (double[]) y, yo, n);
    }
  }

  /** y[yo + i] = p[po + i]·a + ((x[xo + i] − shift)·b + c), each product and sum rounded once. */
  static void combine(
      Object p,
      int po,
      double a,
      Object x,
      int xo,
      double shift,
      double b,
      double c,
      Object y,
      int yo,
      int n) {
    if (x instanceof float[] f) {
      float[] g = (float[]) y;
      if (Simd.VECTOR) {
        RunsVector.combine(
            (float[]) p, po, (float) a, f, xo, (float) shift, (float) b, (float) c, g, yo, n);
      } else {
        RunsScalar.combine(
            (float[]) p, po, (float) a, f, xo, (float) shift, (float) b, (float) c, g, yo, n);
      }
    } else if (Simd.VECTOR) {
      RunsVector.combine((double[]) p, po, a, (double[]) x, xo, shift, b, c, (double[]) y, yo, n);
    } else {
      RunsScalar.combine((double[]) p, po, a, (double[]) x, xo, shift, b, c, (double[]) y, yo, n);
    }
  }

  /** Σ (p[po + i] − pShift)·(x[xo + i] − xShift), in f64. */
  static double dot(Object p, int po, double pShift, Object x, int xo, double xShift, int n) {
    if (x instanceof float[] f) {
      return Simd.VECTOR
          ? RunsVector.dot((float[]) p, po, pShift, f, xo, xShift, n)
          : RunsScalar.dot((float[]) p, po, pShift, f, xo, xShift, n);
    }
    return Simd.VECTOR
        ? RunsVector.dot((double[]) p, po, pShift, (double[]) x, xo, xShift, n)
        : RunsScalar.dot((double[]) p, po, pShift, (double[]) x, xo, xShift, n);
  }
}
