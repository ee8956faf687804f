package dev.crema.cuda.kernel;

import dev.crema.backend.SoftmaxPlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;

/** Softmax and log-softmax: {@code softmax.cu}. */
public final class Softmax {
  static final String FILE = "softmax";

  private Softmax() {}

  /** y = e^x / Σ e^x, or with {@code log} x − ln Σ e^x. */
  public static void run(CudaDevice device, SoftmaxPlan plan, boolean log, View x, View y) {
    Lanes lanes = lanes(plan);
    device
        .kernels()
        .get(FILE, Grid.name("softmax", plan.dtype()))
        .args()
        .ints(lanes.ints())
        .ints(ints(plan))
        .i32(log ? 1 : 0)
        .at(x)
        .at(y)
        .launch(lanes.blocks(lines(plan)), Grid.THREADS, 0);
  }

  static int lines(SoftmaxPlan plan) {
    return plan.outer() * plan.inner();
  }

  static Lanes lanes(SoftmaxPlan plan) {
    return plan.inner() == 1 ? Lanes.along(plan.size()) : Lanes.across(plan.size());
  }

  static int[] ints(SoftmaxPlan plan) {
    return new int[] {lines(plan), plan.size(), plan.inner()};
  }
}
