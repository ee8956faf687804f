package dev.crema.cuda.kernel;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;

/** Copies with conversion: {@code copy.cu}. */
public final class Cast {
  private Cast() {}

  /** y = x, converted to y's dtype by Java's narrowing. */
  public static void copy(CudaDevice device, PointwisePlan plan, View x, View y) {
    String name =
        x.dtype() == y.dtype()
            ? Grid.sized("move", x.dtype())
            : Grid.name(Grid.name("convert", x.dtype()), y.dtype());
    Elementwise.launch(device, "copy", name, plan, _ -> {}, y, x);
  }
}
