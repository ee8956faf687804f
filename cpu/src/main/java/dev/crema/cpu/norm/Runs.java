package dev.crema.cpu.norm;

import dev.crema.cpu.simd.Simd;

/** The three steps that normalisations are made of, on dense runs of f32 or f64. */
final class Runs {
  /** Shorter runs are as fast without vectors, and start at full speed. */
  private static final int SHORTEST = 32;

  private Runs() {}

  private static boolean vectors(int n) {
    return Simd.VECTOR && n >= SHORTEST;
  }

  /** y[yo + i] = (x[xo + i] − shift)·scale + bias, the product and sum rounded once. */
  static void affine(
      Object x, int xo, double shift, double scale, double bias, Object y, int yo, int n) {
    if (x instanceof float[] f) {
      float[] g = (float[]) y;
      if (vectors(n)) {
        RunsVector.affine(f, xo, (float) shift, (float) scale, (float) bias, g, yo, n);
      } else {
        RunsScalar.affine(f, xo, (float) shift, (float) scale, (float) bias, g, yo, n);
      }
    } else if (vectors(n)) {
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
      if (vectors(n)) {
        RunsVector.combine(
            (float[]) p, po, (float) a, f, xo, (float) shift, (float) b, (float) c, g, yo, n);
      } else {
        RunsScalar.combine(
            (float[]) p, po, (float) a, f, xo, (float) shift, (float) b, (float) c, g, yo, n);
      }
    } else if (vectors(n)) {
      RunsVector.combine((double[]) p, po, a, (double[]) x, xo, shift, b, c, (double[]) y, yo, n);
    } else {
      RunsScalar.combine((double[]) p, po, a, (double[]) x, xo, shift, b, c, (double[]) y, yo, n);
    }
  }

  /** Σ (p[po + i] − pShift)·(x[xo + i] − xShift), in f64. */
  static double dot(Object p, int po, double pShift, Object x, int xo, double xShift, int n) {
    if (x instanceof float[] f) {
      return vectors(n)
          ? RunsVector.dot((float[]) p, po, pShift, f, xo, xShift, n)
          : RunsScalar.dot((float[]) p, po, pShift, f, xo, xShift, n);
    }
    return vectors(n)
        ? RunsVector.dot((double[]) p, po, pShift, (double[]) x, xo, xShift, n)
        : RunsScalar.dot((double[]) p, po, pShift, (double[]) x, xo, xShift, n);
  }
}
