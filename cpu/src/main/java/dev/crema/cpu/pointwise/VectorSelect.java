package dev.crema.cpu.pointwise;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;
import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** {@link Select} by whole vectors. */
final class VectorSelect {
  private VectorSelect() {}

  /** How many elements were done: the rest fills no vector. */
  static int run(Object c, int co, Object a, int ao, Object b, int bo, Object y, int yo, int n) {
    return y instanceof float[] to
        ? f32((float[]) c, co, (float[]) a, ao, (float[]) b, bo, to, yo, n)
        : f64((double[]) c, co, (double[]) a, ao, (double[]) b, bo, (double[]) y, yo, n);
  }

  private static int f32(
      float[] c, int co, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int bound = F.loopBound(n);
    for (int i = 0; i < bound; i += F_LENGTH) {
      var chosen = FloatVector.fromArray(F, c, co + i).compare(NE, 0f);
      FloatVector.fromArray(F, b, bo + i)
          .blend(FloatVector.fromArray(F, a, ao + i), chosen)
          .intoArray(y, yo + i);
    }
    return bound;
  }

  private static int f64(
      double[] c, int co, double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
    int bound = D.loopBound(n);
    for (int i = 0; i < bound; i += D_LENGTH) {
      var chosen = DoubleVector.fromArray(D, c, co + i).compare(NE, 0.0);
      DoubleVector.fromArray(D, b, bo + i)
          .blend(DoubleVector.fromArray(D, a, ao + i), chosen)
          .intoArray(y, yo + i);
    }
    return bound;
  }
}
