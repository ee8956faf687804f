package dev.crema.cpu.reduce;

import dev.crema.backend.ReduceOp;
import dev.crema.backend.ReducePlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Cast;
import dev.crema.tensor.DType;

/**
 * Where the largest or smallest element first is. Elements are compared in f64 or i64; the smallest
 * is the largest of the reversed order.
 */
public final class ArgReduce {
  private static final int TILE = 1024;

  private ArgReduce() {}

  /** y = the place of MAX or MIN in the plan's one reduced dimension; NaN wins. */
  public static void run(ReduceOp op, ReducePlan plan, View x, View y) {
    DType type = x.dtype().isFloating() ? DType.F64 : DType.I64;
    long[] places = CpuBuffer.i64(y);
    int out = CpuBuffer.at(y);
    boolean reverse = op == ReduceOp.MIN;
    Parallel.range(
        plan.keptCount(),
        Parallel.grain(plan.reducedCount()),
        (from, to) -> {
          Object tile = BufferPool.shared().take(type, TILE);
          for (int k = from; k < to; k++) {
            places[out + k] =
                tile instanceof double[] d
                    ? floating(plan, k, reverse, x, d)
                    : whole(plan, k, reverse, x, (long[]) tile);
          }
          BufferPool.shared().give(tile);
        });
  }

  private static long floating(ReducePlan plan, int k, boolean reverse, View x, double[] tile) {
    int length = plan.reducedCount();
    double best = 0;
    int place = -1;
    for (int first = 0; first < length; first += TILE) {
      int n = load(plan, k, first, x, DType.F64, tile);
      for (int i = 0; i < n; i++) {
        double element = reverse ? -tile[i] : tile[i];
        if (element > best || place < 0) {
          best = element;
          place = first + i;
        }
        if (Double.isNaN(element)) {
          return (long) first + i;
        }
      }
    }
    return place;
  }

  private static long whole(ReducePlan plan, int k, boolean reverse, View x, long[] tile) {
    int length = plan.reducedCount();
    long best = 0;
    int place = -1;
    for (int first = 0; first < length; first += TILE) {
      int n = load(plan, k, first, x, DType.I64, tile);
      for (int i = 0; i < n; i++) {
        long element = reverse ? ~tile[i] : tile[i]; // unlike −x, ~x has no overflow
        if (element > best || place < 0) {
          best = element;
          place = first + i;
        }
      }
    }
    return place;
  }

  private static int load(ReducePlan plan, int k, int first, View x, DType type, Object tile) {
    int n = Math.min(TILE, plan.reducedCount() - first);
    int step = plan.reducedStride(0);
    int at = plan.keptOffset(k) + first * step;
    Cast.run(x.dtype(), CpuBuffer.array(x), at, step, type, tile, 0, 1, n);
    return n;
  }
}
