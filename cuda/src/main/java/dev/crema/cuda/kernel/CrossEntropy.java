package dev.crema.cuda.kernel;

import dev.crema.backend.CrossEntropyPlan;
import dev.crema.backend.SoftmaxPlan;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.DType;

/** Cross-entropy and its gradient: {@code softmax.cu}. */
public final class CrossEntropy {
  private CrossEntropy() {}

  /** logP = the scores' log-softmax, and the loss of it. A target that is no class throws later. */
  public static void run(
      CudaDevice device, CrossEntropyPlan plan, View scores, View target, View logP, View loss) {
    if (plan.options().reduction() == Reduction.NONE) {
      losses(device, plan, scores, target, logP, CudaBuffer.address(loss));
      return;
    }
    int bytes = plan.dtype().bytes();
    try (CudaMemory losses = device.allocate(Math.max(1L, plan.samples()) * bytes)) {
      losses(device, plan, scores, target, logP, losses.address());
      kernel(device, "cross_entropy_total", plan.dtype(), target)
          .args()
          .i32(plan.samples())
          .i64(plan.options().ignoreIndex())
          .i32(plan.options().reduction() == Reduction.MEAN ? 1 : 0)
          .ptr(losses.address())
          .at(target)
          .at(loss)
          .launch(1, Grid.THREADS, 0);
    }
  }

  private static void losses(
      CudaDevice device, CrossEntropyPlan plan, View scores, View target, View logP, long losses) {
    SoftmaxPlan lines = plan.softmax();
    Lanes lanes = Softmax.lanes(lines);
    try (Fault fault = new Fault(device)) {
      kernel(device, "cross_entropy", plan.dtype(), target)
          .args()
          .ints(lanes.ints())
          .ints(Softmax.ints(lines))
          .f64(plan.options().labelSmoothing())
          .i64(plan.options().ignoreIndex())
          .at(scores)
          .at(target)
          .at(logP)
          .ptr(losses)
          .ptr(fault.address())
          .launch(lanes.blocks(plan.samples()), Grid.THREADS, 0);
      fault.check(plan::outside);
    }
  }

  /** gx = the gradient for the scores. */
  public static void backward(
      CudaDevice device, CrossEntropyPlan plan, View logP, View target, View gLoss, View gx) {
    if (plan.options().reduction() != Reduction.MEAN) {
      backward(device, plan, logP, target, gLoss, 0, gx);
      return;
    }
    try (CudaMemory count = device.allocate(Integer.BYTES)) {
      device
          .kernels()
          .get(Softmax.FILE, Grid.name("count", target.dtype()))
          .args()
          .i32(plan.samples())
          .i64(plan.options().ignoreIndex())
          .at(target)
          .ptr(count.address())
          .launch(1, Grid.THREADS, 0);
      backward(device, plan, logP, target, gLoss, count.address(), gx);
    }
  }

  private static void backward(
      CudaDevice device,
      CrossEntropyPlan plan,
      View logP,
      View target,
      View gLoss,
      long count,
      View gx) {
    int n = (int) gx.numel();
    kernel(device, "cross_entropy_backward", plan.dtype(), target)
        .args()
        .i32(n)
        .ints(Softmax.ints(plan.softmax()))
        .f64(plan.options().labelSmoothing())
        .i64(plan.options().ignoreIndex())
        .i32(plan.options().reduction() == Reduction.NONE ? 1 : 0)
        .at(logP)
        .at(target)
        .at(gLoss)
        .ptr(count)
        .at(gx)
        .launch(Grid.blocks(n), Grid.THREADS, 0);
  }

  private static Kernel kernel(CudaDevice device, String name, DType dtype, View target) {
    return device.kernels().get(Softmax.FILE, Grid.name(Grid.name(name, dtype), target.dtype()));
  }
}
