package dev.crema.cuda.kernel;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;

/** Copies with conversion: {@code copy.cu}. */
public final class Cast {
  private static final String FILE = "copy";

  private Cast() {}

  /** y = x, converted to y's dtype by Java's narrowing. */
  public static void copy(CudaDevice device, PointwisePlan plan, View x, View y) {
    if (x.dtype() != y.dtype()) {
      String name = Grid.name(Grid.name("convert", x.dtype()), y.dtype());
      Elementwise.launch(device, FILE, name, plan, _ -> {}, y, x);
      return;
    }
    int rows = Turn.rows(plan);
    if (rows >= 0) {
      Turn.launch(device, plan, rows, x, y);
    } else {
      Elementwise.launch(device, FILE, Grid.sized("move", x.dtype()), plan, _ -> {}, y, x);
    }
  }
}
