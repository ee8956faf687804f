package dev.crema.backend;

import dev.crema.tensor.Activation;
import dev.crema.tensor.Layout;
import org.jspecify.annotations.Nullable;

/** {@link Backend#linearBackward} by the backend's other methods. */
final class LinearBackward {
  private static final String OP = "linear_backward";

  private LinearBackward() {}

  static void compose(
      Backend backend,
      View gy,
      @Nullable View y,
      @Nullable View x,
      @Nullable View w,
      @Nullable View gx,
      @Nullable View gw,
      @Nullable View gb) {
    if (y == null) {
      if (gb != null) {
        backend.reduce(ReduceOp.SUM, ReducePlan.check(OP, gy.layout(), false, 0), gy, gb);
      }
      products(backend, gy, x, w, gx, gw);
      return;
    }
    Buffer scratch = backend.allocate(gy.dtype(), gy.numel());
    try {
      View g = new View(scratch, Layout.contiguous(gy.shape()));
      if (gb != null) {
        var columns = ChannelPlan.check(OP, gy.dtype(), gy.shape());
        backend.biasReluBackward(columns, gy, y, g, gb);
      } else {
        backend.binary(BinaryOp.RELU_GRAD, PointwisePlan.of(g, gy, y), gy, y, g);
      }
      products(backend, g, x, w, gx, gw);
    } finally {
      scratch.release();
    }
  }

  private static void products(
      Backend backend,
      View g,
      @Nullable View x,
      @Nullable View w,
      @Nullable View gx,
      @Nullable View gw) {
    if (gx != null && w != null) {
      product(backend, g, w, gx);
    }
    if (gw != null && x != null) {
      product(backend, new View(g.buffer(), g.layout().transpose(0, 1)), x, gw);
    }
  }

  private static void product(Backend backend, View a, View b, View y) {
    backend.matmul(MatMulPlan.check(OP, a, b), a, b, null, Activation.NONE, y);
  }
}
