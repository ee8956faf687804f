package dev.crema.cpu.norm;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.ReduceOp;
import dev.crema.backend.SoftmaxPlan;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.cpu.math.MathF64;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Cast;
import dev.crema.cpu.pointwise.Loop;
import dev.crema.cpu.pointwise.Loops;
import dev.crema.cpu.reduce.ColumnStrip;
import dev.crema.tensor.DType;

/**
 * The softmax of neighbouring lines side by side: every step takes a dense row with an element of
 * each line. For one thread.
 */
final class SoftmaxStrip implements AutoCloseable {
  private final SoftmaxPlan plan;
  private final boolean log;
  private final Object x;
  private final int xo;
  private final Object y;
  private final int yo;
  private final DType type;
  private final Loop exp;
  private final Loop larger;
  private final Loop minus;
  private final Loop times;
  private final ColumnStrip sums;
  private final double[] sum;
  private final Object max;
  private final Object last;

  SoftmaxStrip(SoftmaxPlan plan, boolean log, View x, View y, int width) {
    this.plan = plan;
    this.log = log;
    this.x = CpuBuffer.array(x);
    this.xo = CpuBuffer.at(x);
    this.y = CpuBuffer.array(y);
    this.yo = CpuBuffer.at(y);
    this.type = plan.dtype();
    this.exp = Loops.of(UnaryOp.EXP, type);
    this.larger = Loops.of(BinaryOp.MAX, type);
    this.minus = Loops.of(BinaryOp.SUB, type);
    this.times = Loops.of(BinaryOp.MUL, type);
    this.sums = ColumnStrip.of(ReduceOp.SUM, type, width);
    this.sum = BufferPool.shared().f64(width);
    this.max = BufferPool.shared().take(type, width);
    this.last = BufferPool.shared().take(type, width);
  }

  /** Does n lines from {@code column} on. */
  void run(int outer, int column, int n) {
    int size = plan.size();
    int inner = plan.inner();
    int first = outer * size * inner + column;
    Cast.run(type, x, xo + first, 1, type, max, 0, 1, n);
    for (int i = 1; i < size; i++) {
      larger.run(max, 0, x, xo + first + i * inner, 0, 0, max, 0, n);
    }
    sums.reset(n);
    for (int i = 0; i < size; i++) {
      int at = first + i * inner;
      minus.run(x, xo + at, max, 0, 0, 0, y, yo + at, n);
      exp.run(y, yo + at, y, yo + at, 0, 0, y, yo + at, n);
      sums.add(type, y, yo + at, n);
    }
    sums.store(sum, 0, n);
    for (int j = 0; j < n; j++) {
      sum[j] = log ? MathF64.log(sum[j]) : 1 / sum[j];
    }
    Cast.run(DType.F64, sum, 0, 1, type, last, 0, 1, n);
    for (int i = 0; i < size; i++) {
      int at = first + i * inner;
      if (log) {
        minus.run(x, xo + at, max, 0, 0, 0, y, yo + at, n);
        minus.run(y, yo + at, last, 0, 0, 0, y, yo + at, n);
      } else {
        times.run(y, yo + at, last, 0, 0, 0, y, yo + at, n);
      }
    }
  }

  @Override
  public void close() {
    sums.close();
    BufferPool.shared().give(sum);
    BufferPool.shared().give(max);
    BufferPool.shared().give(last);
  }
}
