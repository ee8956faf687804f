package dev.crema.cuda.kernel;

import dev.crema.backend.ReduceOp;
import dev.crema.backend.ReducePlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;

/** Where an extreme first occurs: {@code reduce.cu}. */
public final class ArgReduce {
  private ArgReduce() {}

  /** y = where MAX or MIN first occurs in the plan's single reduced dimension; NaN wins. */
  public static void run(CudaDevice device, ReduceOp op, ReducePlan plan, View x, View y) {
    Lanes lanes = Reduce.lanes(plan);
    String name = op == ReduceOp.MAX ? "argmax" : "argmin";
    device
        .kernels()
        .get(Reduce.FILE, Grid.name(name, Reduce.bits(x.dtype())))
        .args()
        .ints(lanes.ints())
        .i32(plan.keptCount())
        .i32(plan.reducedCount())
        .i32(plan.reducedStride(0))
        .ints(Nest.kept(plan))
        .at(x)
        .at(y)
        .launch(lanes.blocks(plan.keptCount()), Grid.THREADS, 0);
  }
}
