package dev.crema.cpu.optim;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import dev.crema.backend.RmspropStep;
import jdk.incubator.vector.FloatVector;

/** The f32 loops of {@link Rmsprop} with vectors, bit for bit as without. */
final class RmspropVector {
  private RmspropVector() {}

  static void plain(
      RmspropStep s, float[] ps, int po, float[] gs, int go, float[] vs, int vo, int n) {
    FloatVector decay = FloatVector.broadcast(F, (float) s.weightDecay());
    FloatVector alpha = FloatVector.broadcast(F, (float) s.alpha());
    FloatVector minusLr = FloatVector.broadcast(F, (float) -s.lr());
    float rest = (float) (1 - s.alpha());
    float eps = (float) s.eps();
    int i = 0;
    for (; i < F.loopBound(n); i += F_LENGTH) {
      FloatVector p = FloatVector.fromArray(F, ps, po + i);
      FloatVector d = decay.fma(p, FloatVector.fromArray(F, gs, go + i));
      FloatVector v = alpha.fma(FloatVector.fromArray(F, vs, vo + i), d.mul(rest).mul(d));
      v.intoArray(vs, vo + i);
      minusLr.fma(d.div(v.sqrt().add(eps)), p).intoArray(ps, po + i);
    }
    RmspropScalar.plain(s, ps, po + i, gs, go + i, vs, vo + i, n - i);
  }

  static void momentum(
      RmspropStep s,
      float[] ps,
      int po,
      float[] gs,
      int go,
      float[] vs,
      int vo,
      float[] ms,
      int mo,
      int n) {
    FloatVector decay = FloatVector.broadcast(F, (float) s.weightDecay());
    FloatVector alpha = FloatVector.broadcast(F, (float) s.alpha());
    FloatVector minusLr = FloatVector.broadcast(F, (float) -s.lr());
    FloatVector keep = FloatVector.broadcast(F, (float) s.momentum());
    float rest = (float) (1 - s.alpha());
    float eps = (float) s.eps();
    int i = 0;
    for (; i < F.loopBound(n); i += F_LENGTH) {
      FloatVector p = FloatVector.fromArray(F, ps, po + i);
      FloatVector d = decay.fma(p, FloatVector.fromArray(F, gs, go + i));
      FloatVector v = alpha.fma(FloatVector.fromArray(F, vs, vo + i), d.mul(rest).mul(d));
      v.intoArray(vs, vo + i);
      FloatVector m = keep.fma(FloatVector.fromArray(F, ms, mo + i), d.div(v.sqrt().add(eps)));
      m.intoArray(ms, mo + i);
      minusLr.fma(m, p).intoArray(ps, po + i);
    }
    RmspropScalar.momentum(s, ps, po + i, gs, go + i, vs, vo + i, ms, mo + i, n - i);
  }
}
