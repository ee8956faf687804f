package dev.crema.cuda.kernel;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.Scratch;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.tensor.DType;

/** Copies with conversion: {@code copy.cu}. */
public final class Cast {
  private static final String FILE = "copy";

  private Cast() {}

  /** y = x, converted to y's dtype by Java's narrowing. */
  public static void copy(CudaDevice device, PointwisePlan plan, View x, View y) {
    if (x.dtype() != y.dtype()) {
      if (goesByF32(x.dtype(), y.dtype())) {
        try (Scratch wide = new Scratch(device, DType.F32, x.shape())) {
          View f32 = wide.view();
          copy(device, PointwisePlan.of(f32, x), x, f32);
          copy(device, PointwisePlan.of(y, f32), f32, y);
        }
        return;
      }
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

  /** 16-bit floats have kernels from and to f32 alone. */
  private static boolean goesByF32(DType a, DType b) {
    return (a.isHalf() && b != DType.F32) || (b.isHalf() && a != DType.F32);
  }
}
