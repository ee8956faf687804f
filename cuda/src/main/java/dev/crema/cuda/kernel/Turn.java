package dev.crema.cuda.kernel;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import java.util.stream.IntStream;

/** A copy that turns rows into columns, by tiles: {@code copy.cu}. */
final class Turn {
  /** As in {@code copy.cu}. */
  private static final int SIDE = 32;

  /** Fewer rows or columns leave most of a tile empty. */
  private static final int LEAST = SIDE / 2;

  private Turn() {}

  /**
   * The loop along which x is dense while y is dense along the innermost; below 0: there is none.
   */
  static int rows(PointwisePlan plan) {
    int last = plan.rank() - 1;
    if (plan.stride(0, last) != 1 || plan.stride(1, last) == 1 || plan.size(last) < LEAST) {
      return -1;
    }
    return IntStream.range(0, last)
        .filter(d -> plan.stride(1, d) == 1 && plan.size(d) >= LEAST)
        .findFirst()
        .orElse(-1);
  }

  static void launch(CudaDevice device, PointwisePlan plan, int rows, View x, View y) {
    int last = plan.rank() - 1;
    int[] outer = IntStream.range(0, last).filter(d -> d != rows).toArray();
    long matrices = IntStream.of(outer).mapToLong(plan::size).reduce(1, (a, b) -> a * b);
    long tiles = Math.ceilDiv(plan.size(rows), SIDE) * (long) Math.ceilDiv(plan.inner(), SIDE);
    device
        .kernels()
        .get("copy", Grid.sized("move_turned", x.dtype()))
        .args()
        .ints(plan.size(rows), plan.inner(), plan.stride(0, rows), plan.innerStride(1))
        .ints(
            Nest.of(
                IntStream.of(outer).mapToLong(plan::size).toArray(),
                IntStream.of(outer).mapToLong(d -> plan.stride(0, d)).toArray(),
                IntStream.of(outer).mapToLong(d -> plan.stride(1, d)).toArray()))
        .at(x)
        .at(y)
        .launch(matrices * tiles, Grid.THREADS, 0);
  }
}
