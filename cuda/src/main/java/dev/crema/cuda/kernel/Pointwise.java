package dev.crema.cuda.kernel;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.tensor.DType;
import dev.crema.tensor.Half;

/** Elementwise functions: {@code pointwise.cu}, and for filling {@code copy.cu}. */
public final class Pointwise {
  private static final String FILE = "pointwise";

  private Pointwise() {}

  /** y = value, converted to y's dtype. */
  public static void fill(CudaDevice device, double value, PointwisePlan plan, View y) {
    Elementwise.launch(
        device, "copy", Grid.sized("fill", y.dtype()), plan, a -> a.i64(bits(value, y.dtype())), y);
  }

  private static long bits(double value, DType dtype) {
    return switch (dtype) {
      case F32 -> Float.floatToRawIntBits((float) value);
      case F64 -> Double.doubleToRawLongBits(value);
      case F16, BF16 -> Half.bits(dtype, (float) value);
      case I32, U8 -> (int) value;
      case I64 -> (long) value;
      case BOOL -> value != 0 ? 1 : 0;
    };
  }

  /** y = op(x), with the op's parameters a and b. */
  public static void unary(
      CudaDevice device, UnaryOp op, double a, double b, PointwisePlan plan, View x, View y) {
    boolean floating = x.dtype().isFloating();
    Elementwise.launch(
        device,
        FILE,
        Grid.name("unary", x.dtype()),
        plan,
        args -> {
          args.i32(op.ordinal());
          if (floating) {
            args.f64(a).f64(b);
          } else {
            args.i64((long) a).i64((long) b);
          }
        },
        y,
        x);
  }

  /** y = op(a, b). */
  public static void binary(
      CudaDevice device, BinaryOp op, PointwisePlan plan, View a, View b, View y) {
    String kernel = op.isComparison() ? "compare" : "binary";
    Elementwise.launch(
        device, FILE, Grid.name(kernel, a.dtype()), plan, args -> args.i32(op.ordinal()), y, a, b);
  }
}
