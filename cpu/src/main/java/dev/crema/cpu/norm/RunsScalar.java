package dev.crema.cpu.norm;

/** {@link Runs} without vectors. */
final class RunsScalar {
  private RunsScalar() {}

  static void affine(
      float[] x, int xo, float shift, float scale, float bias, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(x[xo + i] - shift, scale, bias);
    }
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
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(p[po + i], a, Math.fma(x[xo + i] - shift, b, c));
    }
  }

  static double dot(float[] p, int po, double pShift, float[] x, int xo, double xShift, int n) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      even = Math.fma(p[po + i] - pShift, x[xo + i] - xShift, even);
      odd = Math.fma(p[po + i + 1] - pShift, x[xo + i + 1] - xShift, odd);
    }
    return i < n ? Math.fma(p[po + i] - pShift, x[xo + i] - xShift, even) + odd : even + odd;
  }

  static void affine(
      double[] x, int xo, double shift, double scale, double bias, double[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(x[xo + i] - shift, scale, bias);
    }
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
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(p[po + i], a, Math.fma(x[xo + i] - shift, b, c));
    }
  }

  static double dot(double[] p, int po, double pShift, double[] x, int xo, double xShift, int n) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      even = Math.fma(p[po + i] - pShift, x[xo + i] - xShift, even);
      odd = Math.fma(p[po + i + 1] - pShift, x[xo + i + 1] - xShift, odd);
    }
    return i < n ? Math.fma(p[po + i] - pShift, x[xo + i] - xShift, even) + odd : even + odd;
  }
}
