package dev.crema.cpu.pointwise;

import java.lang.invoke.MethodHandles;

/** Template: one {@link Loop.F32} after the other. */
final class ScalarF32Loop implements Loop {
  private static final Loop.F32 OP = Specialized.part(MethodHandles.lookup(), Loop.F32.class, 0);

  @Override
  public void run(Object a, int ao, Object b, int bo, double p, double q, Object y, int yo, int n) {
    var as = (float[]) a;
    var bs = (float[]) b;
    var ys = (float[]) y;
    float pf = (float) p;
    float qf = (float) q;
    for (int i = 0; i < n; i++) {
      ys[yo + i] = OP.apply(as[ao + i], bs[bo + i], pf, qf);
    }
  }
}
