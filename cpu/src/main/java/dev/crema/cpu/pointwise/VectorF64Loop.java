package dev.crema.cpu.pointwise;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;

/** Template: a vector operator, and for the tail its {@link Loop.F64} twin. */
final class VectorF64Loop implements Loop {
  private static final VectorOperator.F64 VECTOR =
      Specialized.part(MethodHandles.lookup(), VectorOperator.F64.class, 0);
  private static final Loop.F64 TAIL = Specialized.part(MethodHandles.lookup(), Loop.F64.class, 1);

  @Override
  public void run(Object a, int ao, Object b, int bo, double p, double q, Object y, int yo, int n) {
    var as = (double[]) a;
    var bs = (double[]) b;
    var ys = (double[]) y;
    int bound = D.loopBound(n);
    int i = 0;
    for (; i < bound; i += D_LENGTH) {
      VECTOR
          .apply(DoubleVector.fromArray(D, as, ao + i), DoubleVector.fromArray(D, bs, bo + i), p, q)
          .intoArray(ys, yo + i);
    }
    for (; i < n; i++) {
      ys[yo + i] = TAIL.apply(as[ao + i], bs[bo + i], p, q);
    }
  }
}
