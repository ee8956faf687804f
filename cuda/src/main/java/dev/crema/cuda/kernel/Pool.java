package dev.crema.cuda.kernel;

import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.Pool2dPlan.Windows;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import java.util.Arrays;

/** Pooling with any windows: {@code pool.cu}. */
public final class Pool {
  private Pool() {}

  /** y = the largest of each window (NaN wins), index = the first place of it in its plane. */
  public static void max(CudaDevice device, Pool2dPlan plan, View x, View y, View index) {
    launch(device, "max_pool", plan, y, device.table(forward(plan)), x, y, index);
  }

  /** gx = each of gy's at the place that won. */
  public static void maxBackward(CudaDevice device, Pool2dPlan plan, View gy, View index, View gx) {
    launch(device, "max_pool_backward", plan, gx, device.table(backward(plan)), gy, index, gx);
  }

  /** y = the sum of each window over its divisor. */
  public static void avg(CudaDevice device, Pool2dPlan plan, View x, View y) {
    launch(device, "avg_pool", plan, y, device.table(forward(plan)), x, y);
  }

  /** gx = the gradient for x of an average pooling. */
  public static void avgBackward(CudaDevice device, Pool2dPlan plan, View gy, View gx) {
    launch(device, "avg_pool_backward", plan, gx, device.table(backward(plan)), gy, gx);
  }

  /** One thread for each element of {@code result}; closes the table. */
  private static void launch(
      CudaDevice device,
      String name,
      Pool2dPlan plan,
      View result,
      CudaMemory table,
      View... operands) {
    try (table) {
      int n = (int) result.numel();
      Args args = device.kernels().get("pool", Grid.name(name, plan.dtype())).args();
      args.ints(ints(plan, n)).ptr(table.address());
      for (View operand : operands) {
        args.at(operand);
      }
      args.launch(Grid.blocks(n), Grid.THREADS, 0);
    }
  }

  private static int[] ints(Pool2dPlan plan, int n) {
    int[] oh = Nest.divisor(plan.oh());
    int[] ow = Nest.divisor(plan.ow());
    return new int[] {
      n,
      plan.ih(),
      plan.iw(),
      oh[0],
      oh[1],
      oh[2],
      ow[0],
      ow[1],
      ow[2],
      plan.h().step(),
      plan.w().step()
    };
  }

  private static int[] forward(Pool2dPlan plan) {
    int oh = plan.oh();
    int ow = plan.ow();
    int[] table = new int[3 * (oh + ow)];
    windows(plan.h(), table, 0);
    windows(plan.w(), table, 3 * oh);
    return table;
  }

  private static void windows(Windows windows, int[] table, int at) {
    int count = windows.count();
    for (int i = 0; i < count; i++) {
      table[at + i] = windows.start(i);
      table[at + count + i] = windows.end(i);
      table[at + 2 * count + i] = windows.divisor(i);
    }
  }

  private static int[] backward(Pool2dPlan plan) {
    int[] forward = forward(plan);
    int[] table = Arrays.copyOf(forward, forward.length + 2 * (plan.ih() + plan.iw()));
    inverse(plan.h(), plan.ih(), table, forward.length);
    inverse(plan.w(), plan.iw(), table, forward.length + 2 * plan.ih());
    return table;
  }

  /** The first and the last window that has each place; none: the first is behind the last. */
  private static void inverse(Windows windows, int size, int[] table, int at) {
    Arrays.fill(table, at, at + size, Integer.MAX_VALUE);
    Arrays.fill(table, at + size, at + 2 * size, -1);
    for (int i = 0; i < windows.count(); i++) {
      for (int place = windows.start(i); place < windows.end(i); place += windows.step()) {
        table[at + place] = Math.min(table[at + place], i);
        table[at + size + place] = i;
      }
    }
  }
}
