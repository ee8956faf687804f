package dev.crema.cpu.optim;

/** The loops of {@link Adam}. */
final class AdamScalar {
  private AdamScalar() {}

  static void run(
      Adam.Rates r,
      float[] p,
      int po,
      float[] g,
      int go,
      float[] ms,
      int mo,
      float[] vs,
      int vo,
      int n) {
    float shrink = (float) r.shrink();
    float decay = (float) r.decay();
    float b1 = (float) r.beta1();
    float a1 = (float) (1 - r.beta1());
    float b2 = (float) r.beta2();
    float a2 = (float) (1 - r.beta2());
    float rate = (float) r.rate();
    float root = (float) r.root();
    float eps = (float) r.eps();
    for (int i = 0; i < n; i++) {
      float at = p[po + i] * shrink;
      float d = Math.fma(decay, at, g[go + i]);
      float m = Math.fma(b1, ms[mo + i], a1 * d);
      float v = Math.fma(b2, vs[vo + i], a2 * d * d);
      ms[mo + i] = m;
      vs[vo + i] = v;
      p[po + i] = at - rate * m / Math.fma((float) Math.sqrt(v), root, eps);
    }
  }

  static void run(
      Adam.Rates r,
      double[] p,
      int po,
      double[] g,
      int go,
      double[] ms,
      int mo,
      double[] vs,
      int vo,
      int n) {
    double shrink = r.shrink();
    double decay = r.decay();
    double b1 = r.beta1();
    double a1 = (1 - r.beta1());
    double b2 = r.beta2();
    double a2 = (1 - r.beta2());
    double rate = r.rate();
    double root = r.root();
    double eps = r.eps();
    for (int i = 0; i < n; i++) {
      double at = p[po + i] * shrink;
      double d = Math.fma(decay, at, g[go + i]);
      double m = Math.fma(b1, ms[mo + i], a1 * d);
      double v = Math.fma(b2, vs[vo + i], a2 * d * d);
      ms[mo + i] = m;
      vs[vo + i] = v;
      p[po + i] = at - rate * m / Math.fma(Math.sqrt(v), root, eps);
    }
  }
}
