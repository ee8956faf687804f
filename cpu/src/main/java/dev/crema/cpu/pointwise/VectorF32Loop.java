package dev.crema.cpu.pointwise;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/** Template: a vector operator, and for the tail its {@link Loop.F32} twin. */
final class VectorF32Loop implements Loop {
  private static final VectorOperator.F32 VECTOR =
      Specialized.part(MethodHandles.lookup(), VectorOperator.F32.class, 0);
  private static final Loop.F32 TAIL = Specialized.part(MethodHandles.lookup(), Loop.F32.class, 1);

  @Override
  public void run(Object a, int ao, Object b, int bo, double p, double q, Object y, int yo, int n) {
    var as = (float[]) a;
    var bs = (float[]) b;
    var ys = (float[]) y;
    float pf = (float) p;
    float qf = (float) q;
    int bound = F.loopBound(n);
    int i = 0;
    for (; i < bound; i += F_LENGTH) {
      VECTOR
          .apply(FloatVector.fromArray(F, as, ao + i), FloatVector.fromArray(F, bs, bo + i), pf, qf)
          .intoArray(ys, yo + i);
    }
    for (; i < n; i++) {
      ys[yo + i] = TAIL.apply(as[ao + i], bs[bo + i], pf, qf);
    }
  }
}
