package dev.crema.cpu.reduce;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.ChannelPlan;
import dev.crema.backend.ReduceOp;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Cast;
import dev.crema.cpu.pointwise.Loop;
import dev.crema.cpu.pointwise.Loops;
import dev.crema.tensor.DType;

/**
 * The gradient of a bias and a ReLU on top: gx = gy where y > 0, and its sum per channel, taken
 * while it is in the L1 cache. A task is a block of images, whose sums become a row of partial
 * results; these are added up in order.
 */
public final class BiasReluBackward {
  /** Elements of a block at least: the rows of partial results are then no work beside it. */
  private static final int BLOCK = 16 * 1024;

  private final ChannelPlan plan;
  private final Loop mask;
  private final Object gy;
  private final Object y;
  private final Object gx;
  private final int gyAt;
  private final int yAt;
  private final int gxAt;

  private BiasReluBackward(ChannelPlan plan, View gy, View y, View gx) {
    this.plan = plan;
    this.mask = Loops.of(BinaryOp.RELU_GRAD, plan.dtype());
    this.gy = CpuBuffer.array(gy);
    this.y = CpuBuffer.array(y);
    this.gx = CpuBuffer.array(gx);
    this.gyAt = CpuBuffer.at(gy);
    this.yAt = CpuBuffer.at(y);
    this.gxAt = CpuBuffer.at(gx);
  }

  /** gx, and gb = its sum per channel. */
  public static void run(ChannelPlan plan, View gy, View y, View gx, View gb) {
    var images = new BiasReluBackward(plan, gy, y, gx);
    int c = plan.c();
    int block = Math.max(1, BLOCK / Math.max(1, c * plan.inner()));
    int blocks = Math.ceilDiv(plan.n(), block);
    double[] sums = BufferPool.shared().f64(Math.max(1, blocks) * c);
    Parallel.range(
        plan.n(),
        block,
        (from, to) -> {
          if (plan.inner() == 1) {
            images.rows(from, to, sums, from / block * c);
          } else {
            images.planes(from, to, sums, from / block * c);
          }
        });
    for (int i = 0; i < c; i++) {
      double sum = 0;
      for (int b = 0; b < blocks; b++) {
        sum += sums[b * c + i];
      }
      sums[i] = sum;
    }
    Cast.run(DType.F64, sums, 0, 1, gb.dtype(), CpuBuffer.array(gb), CpuBuffer.at(gb), 1, c);
    BufferPool.shared().give(sums);
  }

  private void planes(int from, int to, double[] sums, int at) {
    int c = plan.c();
    for (int i = from; i < to; i++) {
      for (int k = 0; k < c; k++) {
        int first = (i * c + k) * plan.inner();
        mask(first, plan.inner());
        double sum =
            gx instanceof float[] f
                ? Rows.sum(f, gxAt + first, plan.inner())
                : Rows.sum((double[]) gx, gxAt + first, plan.inner());
        sums[at + k] = i == from ? sum : sums[at + k] + sum;
      }
    }
  }

  private void rows(int from, int to, double[] sums, int at) {
    int c = plan.c();
    try (var strip = ColumnStrip.of(ReduceOp.SUM, plan.dtype(), c)) {
      strip.reset(c);
      for (int i = from; i < to; i++) {
        mask(i * c, c);
        strip.add(plan.dtype(), gx, gxAt + i * c, c);
      }
      strip.store(sums, at, c);
    }
  }

  private void mask(int first, int n) {
    mask.run(gy, gyAt + first, y, yAt + first, 0, 0, gx, gxAt + first, n);
  }
}
