package dev.crema.cpu.optim;

import dev.crema.backend.RmspropStep;

/** The loops of {@link Rmsprop}. */
final class RmspropScalar {
  private RmspropScalar() {}

  static void plain(
      RmspropStep s, float[] p, int po, float[] g, int go, float[] vs, int vo, int n) {
    float alpha = (float) s.alpha();
    float rest = (float) (1 - s.alpha());
    for (int i = 0; i < n; i++) {
      float d = Math.fma((float) s.weightDecay(), p[po + i], g[go + i]);
      float v = Math.fma(alpha, vs[vo + i], rest * d * d);
      vs[vo + i] = v;
      p[po + i] =
          Math.fma((float) -s.lr(), d / ((float) Math.sqrt(v) + (float) s.eps()), p[po + i]);
    }
  }

  static void momentum(
      RmspropStep s,
      float[] p,
      int po,
      float[] g,
      int go,
      float[] vs,
      int vo,
      float[] ms,
      int mo,
      int n) {
    float alpha = (float) s.alpha();
    float rest = (float) (1 - s.alpha());
    for (int i = 0; i < n; i++) {
      float d = Math.fma((float) s.weightDecay(), p[po + i], g[go + i]);
      float v = Math.fma(alpha, vs[vo + i], rest * d * d);
      float m =
          Math.fma((float) s.momentum(), ms[mo + i], d / ((float) Math.sqrt(v) + (float) s.eps()));
      vs[vo + i] = v;
      ms[mo + i] = m;
      p[po + i] = Math.fma((float) -s.lr(), m, p[po + i]);
    }
  }

  static void plain(
      RmspropStep s, double[] p, int po, double[] g, int go, double[] vs, int vo, int n) {
    double alpha = s.alpha();
    double rest = (1 - s.alpha());
    for (int i = 0; i < n; i++) {
      double d = Math.fma(s.weightDecay(), p[po + i], g[go + i]);
      double v = Math.fma(alpha, vs[vo + i], rest * d * d);
      vs[vo + i] = v;
      p[po + i] = Math.fma(-s.lr(), d / (Math.sqrt(v) + s.eps()), p[po + i]);
    }
  }

  static void momentum(
      RmspropStep s,
      double[] p,
      int po,
      double[] g,
      int go,
      double[] vs,
      int vo,
      double[] ms,
      int mo,
      int n) {
    double alpha = s.alpha();
    double rest = (1 - s.alpha());
    for (int i = 0; i < n; i++) {
      double d = Math.fma(s.weightDecay(), p[po + i], g[go + i]);
      double v = Math.fma(alpha, vs[vo + i], rest * d * d);
      double m = Math.fma(s.momentum(), ms[mo + i], d / (Math.sqrt(v) + s.eps()));
      vs[vo + i] = v;
      ms[mo + i] = m;
      p[po + i] = Math.fma(-s.lr(), m, p[po + i]);
    }
  }
}
