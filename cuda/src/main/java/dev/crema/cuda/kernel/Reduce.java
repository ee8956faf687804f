package dev.crema.cuda.kernel;

import dev.crema.backend.ReduceOp;
import dev.crema.backend.ReducePlan;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.tensor.DType;

/** Sums and extremes: {@code reduce.cu}. */
public final class Reduce {
  static final String FILE = "reduce";

  private Reduce() {}

  /** y = op over the plan's reduced elements. */
  public static void run(CudaDevice device, ReduceOp op, ReducePlan plan, View x, View y) {
    int kept = plan.keptCount();
    int reduced = plan.reducedCount();
    Split split = Split.of(lanes(plan), kept, reduced);
    String name =
        switch (op) {
          case SUM -> "sum";
          case MAX -> "max";
          case MIN -> "min";
        };
    Kernel kernel = kernel(device, name, x.dtype());
    long from = CudaBuffer.address(x);
    long to = CudaBuffer.address(y);
    if (split.segments() == 1) {
      launch(kernel, split, kept, reduced, Nest.kept(plan), Nest.reduced(plan), from, to);
    } else {
      DType dtype = y.dtype();
      try (CudaMemory rows = device.allocate((long) split.segments() * kept * dtype.bytes())) {
        long partial = rows.address();
        launch(kernel, split, kept, reduced, Nest.kept(plan), Nest.reduced(plan), from, partial);
        rows(device, name, dtype, split.segments(), kept, partial, to);
      }
    }
  }

  private static void rows(
      CudaDevice device, String name, DType dtype, int rows, int c, long x, long y) {
    Split split = Split.none(c > 1 ? Lanes.across(rows) : Lanes.along(rows), rows);
    Kernel kernel = kernel(device, name, dtype);
    launch(kernel, split, c, rows, Nest.line(c, 1), Nest.line(rows, c), x, y);
  }

  private static Kernel kernel(CudaDevice device, String op, DType dtype) {
    return device.kernels().get(FILE, Grid.name(op, bits(dtype)));
  }

  /** Truth values reduce as the numbers 0 and 1. */
  static DType bits(DType dtype) {
    return dtype == DType.BOOL ? DType.U8 : dtype;
  }

  /** Neighbouring threads read what lies closest: along a line, or across lines. */
  static Lanes lanes(ReducePlan plan) {
    int last = plan.keptRank() - 1;
    boolean across =
        plan.keptSize(last) >= 8
            && plan.keptStride(last) < plan.reducedStride(plan.reducedRank() - 1);
    return across ? Lanes.across(plan.reducedCount()) : Lanes.along(plan.reducedCount());
  }

  private static void launch(
      Kernel kernel,
      Split split,
      int kept,
      int reduced,
      int[] keptNest,
      int[] reducedNest,
      long x,
      long y) {
    int lines = kept * split.segments();
    kernel
        .args()
        .ints(split.lanes().ints())
        .ints(kept, reduced, split.segment(), lines)
        .ints(keptNest)
        .ints(reducedNest)
        .ptr(x)
        .ptr(y)
        .launch(split.lanes().blocks(lines), Grid.THREADS, 0);
  }
}
