package dev.crema.cpu.pointwise;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.tensor.DType;
import java.lang.reflect.Array;

/**
 * Fill and copy, with conversion. A copy whose operand is dense along another loop than the result
 * (a transpose) goes by square blocks, so that each cache line of either is used whole while it is
 * there; each block by runs along its longer side.
 */
public final class Transfer {
  private static final int BLOCK = 32;

  /** A block is worth it when one of its sides is at least so long. */
  private static final int LONG = 8;

  private Transfer() {}

  /** y = value. */
  public static void fill(double value, PointwisePlan plan, View y) {
    Object one = one(value, y.dtype());
    Object ys = CpuBuffer.array(y);
    DType type = y.dtype();
    Strided to = Strided.of(plan, 0);
    int step = plan.innerStride(0);
    int inner = plan.inner();
    if (to.isDense()) {
      Parallel.range(
          plan.outer() * inner,
          Parallel.grain(1),
          (from, end) -> Cast.run(type, one, 0, 0, type, ys, to.offset() + from, 1, end - from));
    } else {
      Parallel.range(
          plan.outer(),
          Parallel.grain(inner),
          (from, end) -> {
            for (int row = from; row < end; row++) {
              Cast.run(type, one, 0, 0, type, ys, plan.offset(0, row), step, inner);
            }
          });
    }
  }

  private static Object one(double value, DType type) {
    Object one = Array.newInstance(type.arrayType().getComponentType(), 1);
    Cast.run(DType.F64, new double[] {value}, 0, 1, type, one, 0, 1, 1);
    return one;
  }

  /** y = x, converted to y's type. */
  public static void copy(PointwisePlan plan, View x, View y) {
    Object xs = CpuBuffer.array(x);
    Object ys = CpuBuffer.array(y);
    int across = transposedLoop(plan);
    if (across >= 0) {
      transpose(plan, across, x.dtype(), xs, y.dtype(), ys);
    } else if (plan.rank() == 1) {
      int xo = plan.offset(1);
      int yo = plan.offset(0);
      int sx = plan.innerStride(1);
      int sy = plan.innerStride(0);
      Parallel.range(
          plan.inner(),
          Parallel.grain(1),
          (from, to) ->
              Cast.run(
                  x.dtype(), xs, xo + from * sx, sx, y.dtype(), ys, yo + from * sy, sy, to - from));
    } else {
      int sx = plan.innerStride(1);
      int sy = plan.innerStride(0);
      int inner = plan.inner();
      Parallel.range(
          plan.outer(),
          Parallel.grain(inner),
          (from, to) -> {
            for (int row = from; row < to; row++) {
              Cast.run(
                  x.dtype(),
                  xs,
                  plan.offset(1, row),
                  sx,
                  y.dtype(),
                  ys,
                  plan.offset(0, row),
                  sy,
                  inner);
            }
          });
    }
  }

  /**
   * The loop along which x is dense, where that is not the innermost one of a nest worth blocks, or
   * −1.
   */
  private static int transposedLoop(PointwisePlan plan) {
    if (plan.innerStride(1) > 1) {
      for (int d = 0; d < plan.rank() - 1; d++) {
        if (plan.stride(1, d) == 1 && Math.max(plan.size(d), plan.inner()) >= LONG) {
          return d;
        }
      }
    }
    return -1;
  }

  private static void transpose(
      PointwisePlan plan, int across, DType from, Object x, DType to, Object y) {
    int sx = plan.innerStride(1);
    int sy = plan.innerStride(0);
    int inner = plan.inner();
    int width = plan.size(across);
    int below = 1; // rows per step of the dense loop
    for (int d = across + 1; d < plan.rank() - 1; d++) {
      below *= plan.size(d);
    }
    int stride = below;
    int wide = plan.stride(0, across);
    int strips = Math.ceilDiv(width, BLOCK);
    Parallel.range(
        plan.outer() / width * strips,
        Parallel.grain((long) BLOCK * inner),
        (first, last) -> {
          for (int strip = first; strip < last; strip++) {
            int others = strip / strips;
            int w0 = strip % strips * BLOCK;
            int w1 = Math.min(width, w0 + BLOCK);
            int row = others / stride * stride * width + others % stride;
            int xo = plan.offset(1, row);
            int yo = plan.offset(0, row);
            for (int i = 0; i < inner; i += BLOCK) {
              int n = Math.min(BLOCK, inner - i);
              int xb = xo + w0 + i * sx;
              int yb = yo + w0 * wide + i * sy;
              if (n >= w1 - w0) {
                for (int w = 0; w < w1 - w0; w++) {
                  Cast.run(from, x, xb + w, sx, to, y, yb + w * wide, sy, n);
                }
              } else {
                for (int j = 0; j < n; j++) {
                  Cast.run(from, x, xb + j * sx, 1, to, y, yb + j * sy, wide, w1 - w0);
                }
              }
            }
          }
        });
  }
}
