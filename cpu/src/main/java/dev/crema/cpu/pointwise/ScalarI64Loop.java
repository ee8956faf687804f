package dev.crema.cpu.pointwise;

import java.lang.invoke.MethodHandles;

/** Template: one {@link Loop.I64} after the other. */
final class ScalarI64Loop implements Loop {
  private static final Loop.I64 OP = Specialized.part(MethodHandles.lookup(), Loop.I64.class, 0);

  @Override
  public void run(Object a, int ao, Object b, int bo, double p, double q, Object y, int yo, int n) {
    var as = (long[]) a;
    var bs = (long[]) b;
    var ys = (long[]) y;
    long pj = (long) p;
    long qj = (long) q;
    for (int i = 0; i < n; i++) {
      ys[yo + i] = OP.apply(as[ao + i], bs[bo + i], pj, qj);
    }
  }
}
