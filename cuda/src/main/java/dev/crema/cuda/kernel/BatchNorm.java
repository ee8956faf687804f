package dev.crema.cuda.kernel;

import dev.crema.backend.ChannelPlan;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import org.jspecify.annotations.Nullable;

/** Batch norm: {@code channel.cu}. */
public final class BatchNorm {
  private BatchNorm() {}

  /** The mean and the biased variance of each channel. */
  public static void stats(CudaDevice device, ChannelPlan plan, View x, View mean, View var) {
    var channels = Channels.of(plan);
    if (channels.split().segments() == 1) {
      moments(device, channels, plan.count(), x, CudaBuffer.address(mean), CudaBuffer.address(var));
      return;
    }
    try (CudaMemory means = channels.perLine(device);
        CudaMemory squares = channels.perLine(device)) {
      moments(device, channels, 1, x, means.address(), squares.address());
      channels
          .kernel(device, "merge_moments")
          .args()
          .ints(channels.ints())
          .ptr(means.address())
          .ptr(squares.address())
          .at(mean)
          .at(var)
          .launch(Grid.blocks(plan.c()), Grid.THREADS, 0);
    }
  }

  private static void moments(
      CudaDevice device, Channels channels, int divisor, View x, long mean, long squares) {
    channels.launch(channels.walk(device, "moments").i32(divisor).at(x).ptr(mean).ptr(squares));
  }

  /** y = (x − mean)·invstd·weight + bias; without weight and bias, 1 and 0. */
  public static void apply(
      CudaDevice device,
      ChannelPlan plan,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      @Nullable View bias,
      View y) {
    var channels = Channels.of(plan);
    channels
        .kernel(device, "batch_norm")
        .args()
        .i32(channels.elements())
        .ints(channels.ints())
        .i32(Grid.isAligned(x, y) ? 1 : 0)
        .at(x)
        .at(mean)
        .at(invstd)
        .ptr(Grid.address(weight))
        .ptr(Grid.address(bias))
        .at(y)
        .launch(Grid.blocksOfFour(channels.elements()), Grid.THREADS, 0);
  }

  /** gx, gw = Σ gy·x̂ and gb = Σ gy. */
  public static void backward(
      CudaDevice device,
      ChannelPlan plan,
      View gy,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      View gx,
      View gw,
      View gb) {
    var channels = Channels.of(plan);
    sums(device, channels, gy, x, mean, invstd, gw, gb);
    channels
        .kernel(device, "batch_norm_backward")
        .args()
        .i32(channels.elements())
        .ints(channels.ints())
        .i32(Grid.isAligned(gy, x, gx) ? 1 : 0)
        .at(gy)
        .at(x)
        .at(mean)
        .at(invstd)
        .ptr(Grid.address(weight))
        .at(gw)
        .at(gb)
        .at(gx)
        .launch(Grid.blocksOfFour(channels.elements()), Grid.THREADS, 0);
  }

  private static void sums(
      CudaDevice device,
      Channels channels,
      View gy,
      View x,
      View mean,
      View invstd,
      View gw,
      View gb) {
    int rows = channels.split().segments();
    if (rows == 1) {
      long to = CudaBuffer.address(gb);
      sums(device, channels, gy, x, mean, invstd, to, CudaBuffer.address(gw));
      return;
    }
    ChannelPlan plan = channels.plan();
    try (CudaMemory sums = channels.perLine(device);
        CudaMemory products = channels.perLine(device)) {
      sums(device, channels, gy, x, mean, invstd, sums.address(), products.address());
      Reduce.sumRows(device, plan.dtype(), rows, plan.c(), sums.address(), CudaBuffer.address(gb));
      Reduce.sumRows(
          device, plan.dtype(), rows, plan.c(), products.address(), CudaBuffer.address(gw));
    }
  }

  private static void sums(
      CudaDevice device,
      Channels channels,
      View gy,
      View x,
      View mean,
      View invstd,
      long sums,
      long products) {
    channels.launch(
        channels
            .walk(device, "batch_norm_sums")
            .at(gy)
            .at(x)
            .at(mean)
            .at(invstd)
            .ptr(sums)
            .ptr(products));
  }
}
