package dev.crema.cpu.optim;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;

/** The f32 loops of {@link Sgd} with vectors, bit for bit as without. */
final class SgdVector {
  private SgdVector() {}

  static void plain(float[] ps, int po, float[] gs, int go, float lr, float decay, int n) {
    FloatVector minusLr = FloatVector.broadcast(F, -lr);
    FloatVector decays = FloatVector.broadcast(F, decay);
    int i = 0;
    for (; i < F.loopBound(n); i += F_LENGTH) {
      FloatVector p = FloatVector.fromArray(F, ps, po + i);
      FloatVector g = FloatVector.fromArray(F, gs, go + i);
      FloatVector d = decays.fma(p, g);
      minusLr.fma(d, p).intoArray(ps, po + i);
    }
    SgdScalar.plain(ps, po + i, gs, go + i, lr, decay, n - i);
  }

  static void momentum(
      float[] ps,
      int po,
      float[] gs,
      int go,
      float[] ms,
      int mo,
      float lr,
      float decay,
      float keep,
      float take,
      int n) {
    FloatVector minusLr = FloatVector.broadcast(F, -lr);
    FloatVector decays = FloatVector.broadcast(F, decay);
    FloatVector keeps = FloatVector.broadcast(F, keep);
    int i = 0;
    for (; i < F.loopBound(n); i += F_LENGTH) {
      FloatVector p = FloatVector.fromArray(F, ps, po + i);
      FloatVector g = FloatVector.fromArray(F, gs, go + i);
      FloatVector m = FloatVector.fromArray(F, ms, mo + i);
      FloatVector d = decays.fma(p, g);
      FloatVector v = keeps.fma(m, d.mul(take));
      v.intoArray(ms, mo + i);
      minusLr.fma(v, p).intoArray(ps, po + i);
    }
    SgdScalar.momentum(ps, po + i, gs, go + i, ms, mo + i, lr, decay, keep, take, n - i);
  }

  static void nesterov(
      float[] ps,
      int po,
      float[] gs,
      int go,
      float[] ms,
      int mo,
      float lr,
      float decay,
      float keep,
      float take,
      int n) {
    FloatVector minusLr = FloatVector.broadcast(F, -lr);
    FloatVector decays = FloatVector.broadcast(F, decay);
    FloatVector keeps = FloatVector.broadcast(F, keep);
    int i = 0;
    for (; i < F.loopBound(n); i += F_LENGTH) {
      FloatVector p = FloatVector.fromArray(F, ps, po + i);
      FloatVector g = FloatVector.fromArray(F, gs, go + i);
      FloatVector m = FloatVector.fromArray(F, ms, mo + i);
      FloatVector d = decays.fma(p, g);
      FloatVector v = keeps.fma(m, d.mul(take));
      v.intoArray(ms, mo + i);
      minusLr.fma(keeps.fma(v, d), p).intoArray(ps, po + i);
    }
    SgdScalar.nesterov(ps, po + i, gs, go + i, ms, mo + i, lr, decay, keep, take, n - i);
  }
}
