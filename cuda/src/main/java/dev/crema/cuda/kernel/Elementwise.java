package dev.crema.cuda.kernel;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import java.util.function.Consumer;

/**
 * The launch of an elementwise kernel. There are two of each: {@code name_type} for dense and
 * aligned operands, {@code name_strided_type} for all others. Their arguments are their own, the
 * number of elements, the nest if strided, and the operands, the result last.
 */
final class Elementwise {
  private Elementwise() {}

  static void launch(
      CudaDevice device,
      String file,
      String name,
      PointwisePlan plan,
      Consumer<Args> own,
      View y,
      View... operands) {
    int n = plan.outer() * plan.inner();
    boolean dense =
        isDense(plan, operands.length + 1) && Grid.isAligned(y) && Grid.isAligned(operands);
    Args args = device.kernels().get(file, dense ? name : strided(name)).args();
    own.accept(args);
    args.i32(n);
    if (!dense) {
      args.ints(Nest.of(plan, operands.length + 1));
    }
    for (View operand : operands) {
      args.at(operand);
    }
    args.at(y).launch(Grid.blocksOfFour(n), Grid.THREADS, 0);
  }

  /** Whether all operands, the result among them, lie one element behind the other. */
  static boolean isDense(PointwisePlan plan, int operands) {
    if (plan.rank() > 1) {
      return false;
    }
    for (int i = 0; i < operands; i++) {
      if (plan.innerStride(i) != 1 && plan.inner() > 1) {
        return false;
      }
    }
    return true;
  }

  /** {@code unary_f32} → {@code unary_strided_f32}: after the first word. */
  private static String strided(String name) {
    int end = name.indexOf('_');
    return name.substring(0, end) + "_strided" + name.substring(end);
  }
}
