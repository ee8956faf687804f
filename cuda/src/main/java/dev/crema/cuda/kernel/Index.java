package dev.crema.cuda.kernel;

import dev.crema.backend.GatherPlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;

/** Picking along a dimension: {@code index.cu}. */
public final class Index {
  static final String FILE = "index";

  private Index() {}

  /** picked = table at index along the plan's dimension. An index outside of it throws later. */
  public static void gather(
      CudaDevice device, GatherPlan plan, View table, View index, View picked) {
    int n = (int) picked.numel();
    if (n == 0) {
      return;
    }
    long[] still = table.layout().strides();
    still[plan.dim()] = 0;
    String name = Grid.sized("gather", table.dtype());
    try (Fault fault = new Fault(device)) {
      device
          .kernels()
          .get(FILE, Grid.name(name, plan.indexType()))
          .args()
          .i32(n)
          .ints(Nest.of(plan.sizes(), picked.layout().strides(), index.layout().strides(), still))
          .i32(plan.tableSize())
          .i32(tableStride(plan, table))
          .at(table)
          .at(index)
          .at(picked)
          .ptr(fault.address())
          .launch(Grid.blocks(n), Grid.THREADS, 0);
      fault.check(plan::outside);
    }
  }

  /** table at index += picked, in order. An index outside of it throws later. */
  public static void scatterAdd(
      CudaDevice device, GatherPlan plan, View picked, View index, View table) {
    if (picked.numel() > 0) {
      new ScatterAdd(device, plan, picked, index, table).run();
    }
  }

  /** How far one step along the plan's dimension moves in the table. */
  static int tableStride(GatherPlan plan, View table) {
    return Math.toIntExact(table.layout().stride(plan.dim()));
  }
}
