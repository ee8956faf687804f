package dev.crema.cuda.kernel;

import dev.crema.backend.CrossEntropyPlan;
import dev.crema.backend.SoftmaxPlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.DType;

/** Cross-entropy and its gradient: {@code softmax.cu}. */
public final class CrossEntropy {
  /** Bytes of a block's part of the loss, at most. */
  private static final int TALLY = 24;

  private CrossEntropy() {}

  /** logP, the loss and its divisor, in one launch. A target that is no class throws later. */
  public static void run(
      CudaDevice device,
      CrossEntropyPlan plan,
      View scores,
      View target,
      View logP,
      View loss,
      View divisor) {
    SoftmaxPlan lines = plan.softmax();
    Lanes lanes = Softmax.lanes(lines);
    long blocks = Math.max(1, lanes.blocks(plan.samples())); // one without samples, for the loss
    try (CudaMemory tallies = device.allocate(blocks * TALLY);
        Fault fault = new Fault(device)) {
      kernel(device, "cross_entropy", plan.dtype(), target)
          .args()
          .ints(lanes.ints())
          .ints(Softmax.ints(lines))
          .f64(plan.options().labelSmoothing())
          .i64(plan.options().ignoreIndex())
          .i32(plan.options().reduction().ordinal())
          .at(scores)
          .at(target)
          .at(logP)
          .at(loss)
          .at(divisor)
          .ptr(tallies.address())
          .ptr(fault.address())
          .launch(blocks, Grid.THREADS, 0);
      fault.check(plan::outside);
    }
  }

  /** gx = the gradient for the scores. */
  public static void backward(
      CudaDevice device,
      CrossEntropyPlan plan,
      View logP,
      View target,
      View gLoss,
      View divisor,
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
        .at(divisor)
        .at(gx)
        .launch(Grid.blocks(n), Grid.THREADS, 0);
  }

  private static Kernel kernel(CudaDevice device, String name, DType dtype, View target) {
    return device.kernels().get(Softmax.FILE, Grid.name(Grid.name(name, dtype), target.dtype()));
  }
}
