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
 * A reduction whose neighbouring results have neighbouring elements: strips of up to {@link #STRIP}
 * results accumulate together, an element row at a time. Where there are few strips, the rows
 * behind them are cut in blocks, whose results are rows again.
 */
final class Columns {
  private static final int STRIP = 512;
  private static final int BLOCK = 512;

  private final ReduceOp op;
  private final ReducePlan plan;
  private final View x;
  private final View y;
  private final DType compute;
  private final DType type;
  private final int width;
  private final int rows;
  private final int strips;
  private final int blocks;

  Columns(ReduceOp op, ReducePlan plan, View x, View y) {
    this.op = op;
    this.plan = plan;
    this.x = x;
    this.y = y;
    this.compute = x.dtype().isFloating() ? x.dtype() : DType.I64;
    this.type = Reduce.resultType(compute);
    this.width = plan.keptSize(plan.keptRank() - 1);
    this.rows = plan.reducedCount();
    this.strips = Math.ceilDiv(width, STRIP);
    this.blocks = Math.ceilDiv(rows, BLOCK);
  }

  void run() {
    int kept = plan.keptCount();
    Object results = BufferPool.shared().take(type, (long) kept * blocks);
    Parallel.range(
        kept / width * strips * blocks,
        Parallel.grain((long) Math.min(width, STRIP) * Math.min(rows, BLOCK)),
        (from, to) -> {
          try (var strip = ColumnStrip.of(op, compute, STRIP)) {
            for (int i = from; i < to; i++) {
              fold(strip, i, results);
            }
          }
        });
    if (blocks > 1) {
      join(results, kept);
    }
    Cast.run(type, results, 0, 1, y.dtype(), CpuBuffer.array(y), CpuBuffer.at(y), 1, kept);
    BufferPool.shared().give(results);
  }

  /** Folds one block of one strip; block b of all results lies at b·kept. */
  private void fold(ColumnStrip strip, int task, Object results) {
    int perBlock = plan.keptCount() / width * strips;
    int block = task / perBlock;
    int column = task % strips * STRIP;
    int first = task % perBlock / strips * width + column;
    int n = Math.min(STRIP, width - column);
    int base = plan.keptOffset(first);
    Object from = CpuBuffer.array(x);
    strip.reset(n);
    for (int r = block * BLOCK; r < Math.min(rows, (block + 1) * BLOCK); r++) {
      strip.add(x.dtype(), from, base + plan.reducedOffset(r), n);
    }
    strip.store(results, block * plan.keptCount() + first, n);
  }

  private void join(Object results, int kept) {
    Parallel.range(
        Math.ceilDiv(kept, STRIP),
        Parallel.grain((long) STRIP * blocks),
        (from, to) -> {
          try (var strip = ColumnStrip.of(op, type, STRIP)) {
            for (int i = from; i < to; i++) {
              int first = i * STRIP;
              int n = Math.min(STRIP, kept - first);
              strip.reset(n);
              for (int b = 0; b < blocks; b++) {
                strip.add(type, results, b * kept + first, n);
              }
              strip.store(results, first, n);
            }
          }
        });
  }
}
