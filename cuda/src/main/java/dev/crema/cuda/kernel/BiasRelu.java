package dev.crema.cuda.kernel;

import dev.crema.backend.ChannelPlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.tensor.Activation;
import org.jspecify.annotations.Nullable;

/** What goes on top of a product or a convolution: {@code channel.cu}. */
public final class BiasRelu {
  private BiasRelu() {}

  /**
   * y = activation(y + bias), in place, with one bias for each channel of [n, c, inner]; inner is 1
   * for a matrix and its columns.
   */
  public static void forward(
      CudaDevice device, ChannelPlan plan, @Nullable View bias, Activation activation, View y) {
    if (bias == null && activation == Activation.NONE) {
      return;
    }
    var channels = Channels.of(plan);
    channels
        .kernel(device, "bias_activation")
        .args()
        .i32(channels.elements())
        .ints(channels.ints())
        .i32(Grid.isAligned(y) ? 1 : 0)
        .i32(activation == Activation.RELU ? 1 : 0)
        .ptr(Grid.address(bias))
        .at(y)
        .launch(Grid.blocksOfFour(channels.elements()), Grid.THREADS, 0);
  }

  /** gx = gy where y > 0, else 0, and gb = Σ gx. */
  public static void backward(
      CudaDevice device, ChannelPlan plan, View gy, View y, View gx, View gb) {
    var channels = Channels.of(plan);
    try (CudaMemory parts = channels.parts(device)) {
      channels.launch(
          channels
              .walk(device, "bias_relu_backward")
              .at(gy)
              .at(y)
              .at(gx)
              .at(gb)
              .ptr(parts.address()));
    }
  }
}
