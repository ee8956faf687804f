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
    long from = CudaBuffer.address(x);
    long to = CudaBuffer.address(y);
    if (split.segments() == 1) {
      Kernel kernel = kernel(device, name, x.dtype());
      launch(kernel, split, kept, reduced, Nest.kept(plan), Nest.reduced(plan), from, to);
    } else {
      DType partial = op == ReduceOp.SUM ? y.dtype().wide() : y.dtype();
      try (CudaMemory rows = device.allocate((long) split.segments() * kept * partial.bytes())) {
        long at = rows.address();
        Kernel kernel = kernel(device, name, x.dtype(), partial);
        launch(kernel, split, kept, reduced, Nest.kept(plan), Nest.reduced(plan), from, at);
        rows(device, name, partial, y.dtype(), split.segments(), kept, at, to);
      }
    }
  }

  private static void rows(
      CudaDevice device, String name, DType x, DType y, int rows, int c, long from, long to) {
    Split split = Split.none(c > 1 ? Lanes.across(rows) : Lanes.along(rows), rows);
    Kernel kernel = kernel(device, name, x, y);
    launch(kernel, split, c, rows, Nest.line(c, 1), Nest.line(rows, c), from, to);
  }

  private static Kernel kernel(CudaDevice device, String op, DType dtype) {
    return device.kernels().get(FILE, Grid.name(op, bits(dtype)));
  }

  /** Sums of 16-bit floats, as far as they stay f32, have kernels of two names. */
  private static Kernel kernel(CudaDevice device, String op, DType x, DType y) {
    return x.isHalf() == y.isHalf()
        ? kernel(device, op, x)
        : device.kernels().get(FILE, Grid.name(Grid.name(op, x), y));
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
