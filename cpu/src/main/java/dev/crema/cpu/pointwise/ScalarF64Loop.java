package dev.crema.cpu.pointwise;

import java.lang.invoke.MethodHandles;

/** Template: one {@link Loop.F64} after the other. */
final class ScalarF64Loop implements Loop {
  private static final Loop.F64 OP = Specialized.part(MethodHandles.lookup(), Loop.F64.class, 0);

  @Override
  public void run(Object a, int ao, Object b, int bo, double p, double q, Object y, int yo, int n) {
    var as = (double[]) a;
    var bs = (double[]) b;
    var ys = (double[]) y;
    for (int i = 0; i < n; i++) {
      ys[yo + i] = OP.apply(as[ao + i], bs[bo + i], p, q);
    }
  }
}
