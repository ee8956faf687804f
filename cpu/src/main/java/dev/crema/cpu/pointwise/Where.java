package dev.crema.cpu.pointwise;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.DType;

/** y = condition ? a : b, by dense tiles in the operands' own type. */
public final class Where {
  private Where() {}

  public static void run(PointwisePlan plan, View condition, View a, View b, View y) {
    DType type = y.dtype();
    Parallel.range(
        plan.outer() * plan.inner(),
        Parallel.grain(1),
        new Chunk(
            Operand.of(plan, 1, condition, DType.BOOL),
            Operand.of(plan, 2, a, type),
            Operand.of(plan, 3, b, type),
            Operand.of(plan, 0, y, type)));
  }

  private record Chunk(Operand condition, Operand a, Operand b, Operand y)
      implements Parallel.Range {

    @Override
    public void run(int from, int to) {
      Object cs = condition.open();
      Object as = a.open();
      Object bs = b.open();
      Object ys = y.open();
      for (int first = from; first < to; first += Operand.TILE) {
        int n = Math.min(Operand.TILE, to - first);
        condition.load(cs, from, first, n);
        a.load(as, from, first, n);
        b.load(bs, from, first, n);
        select(
            (byte[]) cs, condition.at(first), as, a.at(first), bs, b.at(first), ys, y.at(first), n);
        y.store(ys, first, n);
      }
      condition.close(cs);
      a.close(as);
      b.close(bs);
      y.close(ys);
    }
  }

  private static void select(
      byte[] c, int co, Object a, int ao, Object b, int bo, Object y, int yo, int n) {
    switch (y) {
      case float[] d -> {
        float[] p = (float[]) a;
        float[] q = (float[]) b;
        for (int i = 0; i < n; i++) {
          d[yo + i] = c[co + i] != 0 ? p[ao + i] : q[bo + i];
        }
      }
      case double[] d -> {
        double[] p = (double[]) a;
        double[] q = (double[]) b;
        for (int i = 0; i < n; i++) {
          d[yo + i] = c[co + i] != 0 ? p[ao + i] : q[bo + i];
        }
      }
      case int[] d -> {
        int[] p = (int[]) a;
        int[] q = (int[]) b;
        for (int i = 0; i < n; i++) {
          d[yo + i] = c[co + i] != 0 ? p[ao + i] : q[bo + i];
        }
      }
      case long[] d -> {
        long[] p = (long[]) a;
        long[] q = (long[]) b;
        for (int i = 0; i < n; i++) {
          d[yo + i] = c[co + i] != 0 ? p[ao + i] : q[bo + i];
        }
      }
      default -> {
        byte[] d = (byte[]) y;
        byte[] p = (byte[]) a;
        byte[] q = (byte[]) b;
        for (int i = 0; i < n; i++) {
          d[yo + i] = c[co + i] != 0 ? p[ao + i] : q[bo + i];
        }
      }
    }
  }
}
