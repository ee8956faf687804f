package dev.crema.cpu.reduce;

import dev.crema.backend.ReduceOp;
import dev.crema.backend.ReducePlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Cast;
import dev.crema.cpu.pointwise.Strided;
import dev.crema.tensor.DType;

/** Sum, maximum and minimum. */
public final class Reduce {
  /** How many elements behind one result are folded at a time; longer ranges are cut. */
  private static final int PIECE = 32 * 1024;

  private Reduce() {}

  /** y = op over the plan's reduced elements. */
  public static void run(ReduceOp op, ReducePlan plan, View x, View y) {
    if (plan.keptCount() == 0) {
      return;
    }
    int last = plan.keptRank() - 1;
    boolean columns = plan.keptStride(last) == 1 && plan.reducedStride(plan.reducedRank() - 1) != 1;
    if (columns && plan.reducedCount() > 0) {
      new Columns(op, plan, x, y).run();
    } else {
      rows(op, plan, x, y);
    }
  }

  private static void rows(ReduceOp op, ReducePlan plan, View x, View y) {
    DType compute = x.dtype().isFloating() ? x.dtype() : DType.I64;
    DType type = resultType(compute);
    int kept = plan.keptCount();
    int length = plan.reducedCount();
    int pieces = Math.max(1, Math.ceilDiv(length, PIECE));
    Object results = BufferPool.shared().take(type, (long) kept * pieces);
    Strided range = Strided.reduced(plan);
    Parallel.range(
        kept * pieces,
        Parallel.grain(Math.min(length, PIECE)),
        (from, to) -> {
          var accumulator = Accumulator.of(op, compute);
          try (var feed = new Feed(range, x, compute)) {
            for (int i = from; i < to; i++) {
              int first = i % pieces * PIECE;
              accumulator.reset();
              feed.run(
                  plan.keptOffset(i / pieces), first, Math.min(length, first + PIECE), accumulator);
              accumulator.store(results, i);
            }
          }
        });
    if (pieces > 1) {
      join(op, type, results, kept, pieces);
    }
    Cast.run(type, results, 0, 1, y.dtype(), CpuBuffer.array(y), CpuBuffer.at(y), 1, kept);
    BufferPool.shared().give(results);
  }

  /** Folds each result's pieces, in place. */
  private static void join(ReduceOp op, DType type, Object results, int kept, int pieces) {
    var accumulator = Accumulator.of(op, type);
    for (int k = 0; k < kept; k++) {
      accumulator.reset();
      accumulator.add(results, k * pieces, pieces);
      accumulator.store(results, k);
    }
  }

  /** The type of accumulators for this computing type. */
  static DType resultType(DType compute) {
    return compute.isFloating() ? DType.F64 : DType.I64;
  }
}
