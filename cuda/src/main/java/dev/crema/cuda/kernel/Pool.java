package dev.crema.cuda.kernel;

import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.Pool2dPlan.Windows;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.tensor.MemoryFormat;

/** Pooling with any windows: {@code pool.cu}. */
public final class Pool {
  /** Where the kernels' axes begin, behind the number of elements and the planes side by side. */
  private static final int AXES = 1 + Nest.DIVISOR;

  /** Ints of the kernels' axis. */
  private static final int AXIS = 14;

  private Pool() {}

  /** y = the largest of each window (NaN wins), index = the first place of it in its plane. */
  public static void max(CudaDevice device, Pool2dPlan plan, View x, View y, View index) {
    launch(device, "max_pool", plan, y, x, y, index);
  }

  /** gx = each of gy's at the place that won. */
  public static void maxBackward(CudaDevice device, Pool2dPlan plan, View gy, View index, View gx) {
    launch(device, "max_pool_backward", plan, gx, gy, index, gx);
  }

  /** y = the sum of each window over its divisor. */
  public static void avg(CudaDevice device, Pool2dPlan plan, View x, View y) {
    launch(device, "avg_pool", plan, y, x, y);
  }

  /** gx = the gradient for x of an average pooling. */
  public static void avgBackward(CudaDevice device, Pool2dPlan plan, View gy, View gx) {
    launch(device, "avg_pool_backward", plan, gx, gy, gx);
  }

  /** One thread for each element of {@code result}. */
  private static void launch(
      CudaDevice device, String name, Pool2dPlan plan, View result, View... operands) {
    int n = (int) result.numel();
    int[] pool = new int[AXES + 2 * AXIS];
    pool[0] = n;
    divisor(plan.format() == MemoryFormat.CHANNELS_LAST ? plan.c() : 1, pool, 1);
    axis(plan.ih(), plan.h(), pool, AXES);
    axis(plan.iw(), plan.w(), pool, AXES + AXIS);
    Args args = device.kernels().get("pool", Grid.name(name, plan.dtype())).args();
    args.ints(pool);
    for (View operand : operands) {
      args.at(operand);
    }
    args.launch(Grid.blocks(n), Grid.THREADS, 0);
  }

  private static void axis(int size, Windows windows, int[] to, int at) {
    Pool2dPlan.Rule rule = windows.rule();
    to[at] = size;
    divisor(windows.count(), to, at + 1);
    divisor(rule.stride(), to, at + 4);
    divisor(rule.step(), to, at + 7);
    to[at + 10] = rule.pad();
    to[at + 11] = rule.span();
    to[at + 12] = rule.countPad() ? 1 : 0;
    to[at + 13] = rule.stride() == 0 ? 1 : 0;
  }

  private static void divisor(int d, int[] to, int at) {
    System.arraycopy(Nest.divisor(d), 0, to, at, Nest.DIVISOR);
  }
}
