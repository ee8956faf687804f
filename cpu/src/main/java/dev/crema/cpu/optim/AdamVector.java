package dev.crema.cpu.optim;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;

/** The f32 loop of {@link Adam} with vectors, bit for bit as without. */
final class AdamVector {
  private AdamVector() {}

  static void run(
      Adam.Rates r,
      float[] ps,
      int po,
      float[] gs,
      int go,
      float[] ms,
      int mo,
      float[] vs,
      int vo,
      int n) {
    FloatVector decay = FloatVector.broadcast(F, (float) r.decay());
    FloatVector b1 = FloatVector.broadcast(F, (float) r.beta1());
    FloatVector b2 = FloatVector.broadcast(F, (float) r.beta2());
    FloatVector root = FloatVector.broadcast(F, (float) r.root());
    FloatVector eps = FloatVector.broadcast(F, (float) r.eps());
    float shrink = (float) r.shrink();
    float a1 = (float) (1 - r.beta1());
    float a2 = (float) (1 - r.beta2());
    float rate = (float) r.rate();
    int i = 0;
    for (; i < F.loopBound(n); i += F_LENGTH) {
      FloatVector at = FloatVector.fromArray(F, ps, po + i).mul(shrink);
      FloatVector d = decay.fma(at, FloatVector.fromArray(F, gs, go + i));
      FloatVector m = b1.fma(FloatVector.fromArray(F, ms, mo + i), d.mul(a1));
      FloatVector v = b2.fma(FloatVector.fromArray(F, vs, vo + i), d.mul(a2).mul(d));
      m.intoArray(ms, mo + i);
      v.intoArray(vs, vo + i);
      at.sub(m.mul(rate).div(v.sqrt().fma(root, eps))).intoArray(ps, po + i);
    }
    AdamScalar.run(r, ps, po + i, gs, go + i, ms, mo + i, vs, vo + i, n - i);
  }
}
