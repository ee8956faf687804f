package dev.crema.cuda.kernel;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;

/** Choosing between two operands: {@code copy.cu}. */
public final class Where {
  private Where() {}

  /** y = condition ? a : b. */
  public static void run(
      CudaDevice device, PointwisePlan plan, View condition, View a, View b, View y) {
    Elementwise.launch(
        device, "copy", Grid.sized("where", y.dtype()), plan, _ -> {}, y, condition, a, b);
  }
}
