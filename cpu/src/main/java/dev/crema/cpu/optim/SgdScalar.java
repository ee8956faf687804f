package dev.crema.cpu.optim;

/** The loops of {@link Sgd}. */
final class SgdScalar {
  private SgdScalar() {}

  static void plain(float[] p, int po, float[] g, int go, float lr, float decay, int n) {
    for (int i = 0; i < n; i++) {
      float d = Math.fma(decay, p[po + i], g[go + i]);
      p[po + i] = Math.fma(-lr, d, p[po + i]);
    }
  }

  static void momentum(
      float[] p,
      int po,
      float[] g,
      int go,
      float[] m,
      int mo,
      float lr,
      float decay,
      float keep,
      float take,
      int n) {
    for (int i = 0; i < n; i++) {
      float d = Math.fma(decay, p[po + i], g[go + i]);
      float v = Math.fma(keep, m[mo + i], take * d);
      m[mo + i] = v;
      p[po + i] = Math.fma(-lr, v, p[po + i]);
    }
  }

  static void nesterov(
      float[] p,
      int po,
      float[] g,
      int go,
      float[] m,
      int mo,
      float lr,
      float decay,
      float keep,
      float take,
      int n) {
    for (int i = 0; i < n; i++) {
      float d = Math.fma(decay, p[po + i], g[go + i]);
      float v = Math.fma(keep, m[mo + i], take * d);
      m[mo + i] = v;
      p[po + i] = Math.fma(-lr, Math.fma(keep, v, d), p[po + i]);
    }
  }

  static void plain(double[] p, int po, double[] g, int go, double lr, double decay, int n) {
    for (int i = 0; i < n; i++) {
      double d = Math.fma(decay, p[po + i], g[go + i]);
      p[po + i] = Math.fma(-lr, d, p[po + i]);
    }
  }

  static void momentum(
      double[] p,
      int po,
      double[] g,
      int go,
      double[] m,
      int mo,
      double lr,
      double decay,
      double keep,
      double take,
      int n) {
    for (int i = 0; i < n; i++) {
      double d = Math.fma(decay, p[po + i], g[go + i]);
      double v = Math.fma(keep, m[mo + i], take * d);
      m[mo + i] = v;
      p[po + i] = Math.fma(-lr, v, p[po + i]);
    }
  }

  static void nesterov(
      double[] p,
      int po,
      double[] g,
      int go,
      double[] m,
      int mo,
      double lr,
      double decay,
      double keep,
      double take,
      int n) {
    for (int i = 0; i < n; i++) {
      double d = Math.fma(decay, p[po + i], g[go + i]);
      double v = Math.fma(keep, m[mo + i], take * d);
      m[mo + i] = v;
      p[po + i] = Math.fma(-lr, Math.fma(keep, v, d), p[po + i]);
    }
  }
}
