package dev.crema.cuda.kernel;

import dev.crema.backend.ChannelPlan;
import dev.crema.backend.RunningStats;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.tensor.Activation;
import org.jspecify.annotations.Nullable;

/** Batch norm: {@code channel.cu}. */
public final class BatchNorm {
  private BatchNorm() {}

  /**
   * The mean and 1/√(var + eps) of each channel, in f32 for f16 and bf16; moves the running ones.
   */
  public static void stats(
      CudaDevice device,
      ChannelPlan plan,
      View x,
      double eps,
      View mean,
      View invstd,
      @Nullable RunningStats running) {
    var channels = Channels.of(plan);
    try (CudaMemory parts = channels.parts(device)) {
      channels.launch(
          channels
              .walk(device, "moments")
              .f64(eps)
              .at(x)
              .at(mean)
              .at(invstd)
              .ptr(running == null ? 0 : CudaBuffer.address(running.mean()))
              .ptr(running == null ? 0 : CudaBuffer.address(running.var()))
              .f64(running == null ? 0 : running.momentum())
              .ptr(parts.address()));
    }
  }

  /** y = activation((x − mean)·invstd·weight + bias); without weight and bias, 1 and 0. */
  public static void apply(
      CudaDevice device,
      ChannelPlan plan,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      @Nullable View bias,
      Activation activation,
      View y) {
    var channels = Channels.of(plan);
    channels
        .kernel(device, "batch_norm")
        .args()
        .i32(channels.elements())
        .ints(channels.ints())
        .i32(Grid.isAligned(x, y) ? 1 : 0)
        .i32(activation == Activation.RELU ? 1 : 0)
        .at(x)
        .at(mean)
        .at(invstd)
        .ptr(Grid.address(weight))
        .ptr(Grid.address(bias))
        .at(y)
        .launch(Grid.blocksOfFour(channels.elements()), Grid.THREADS, 0);
  }

  /** gx, gw = Σ g·x̂ and gb = Σ g, with g what of gy passes the ReLU whose y is given. */
  public static void backward(
      CudaDevice device,
      ChannelPlan plan,
      View gy,
      @Nullable View y,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      View gx,
      View gw,
      View gb) {
    var channels = Channels.of(plan);
    try (CudaMemory parts = channels.parts(device)) {
      channels.launch(
          channels
              .walk(device, "batch_norm_sums")
              .at(gy)
              .ptr(Grid.address(y))
              .at(x)
              .at(mean)
              .at(invstd)
              .at(gb)
              .at(gw)
              .ptr(parts.address()));
    }
    channels
        .kernel(device, "batch_norm_backward")
        .args()
        .i32(channels.elements())
        .ints(channels.ints())
        .i32(Grid.isAligned(gy, y, x, gx) ? 1 : 0)
        .at(gy)
        .ptr(Grid.address(y))
        .at(x)
        .at(mean)
        .at(invstd)
        .ptr(Grid.address(weight))
        .at(gw)
        .at(gb)
        .at(gx)
        .launch(Grid.blocksOfFour(channels.elements()), Grid.THREADS, 0);
  }
}
