package dev.crema.cpu.kernel;

import static dev.crema.cpu.kernel.Twin.CPU;
import static dev.crema.cpu.kernel.Twin.REFERENCE;

import dev.crema.backend.Pool2dPlan;
import dev.crema.tensor.DType;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pooling against the reference: all windows that a small image can have. */
class PoolConformanceTest {
  private final Random random = new Random(5);

  /**
   * Kernels, strides, paddings, dilations, both roundings, and adaptive windows, on an odd image.
   */
  private static List<Pool2dPlan> plans(DType type) {
    List<Pool2dPlan> plans = new ArrayList<>();
    for (int[] size : new int[][] {{13, 27}, {8, 8}, {5, 3}, {1, 40}, {24, 24}}) {
      Shape x = Shape.of(2, 3, size[0], size[1]);
      for (int k = 1; k <= 3; k++) {
        for (int s = 1; s <= 3; s++) {
          for (int variant = 0; variant < 8; variant++) {
            var o =
                Pool2dOptions.kernel(k, Math.max(1, k - variant % 2))
                    .stride(s, Math.max(1, s - variant % 2))
                    .padding(variant / 2 % 2 * (k / 2), 0)
                    .dilation(variant == 5 ? 2 : 1)
                    .ceilMode(variant > 3)
                    .countIncludePad(variant != 6);
            int span = o.dh() * (o.kh() - 1) + 1;
            if (span <= size[0] + 2 * o.ph() && o.dw() * (o.kw() - 1) + 1 <= size[1]) {
              plans.add(Pool2dPlan.check("test", type, x, o));
            }
          }
        }
      }
      plans.add(Pool2dPlan.adaptive("test", type, x, 1, 1));
      plans.add(Pool2dPlan.adaptive("test", type, x, 4, 5));
      plans.add(Pool2dPlan.adaptive("test", type, x, 30, 2));
    }
    return plans;
  }

  private void max(Pool2dPlan plan, Twin x) {
    Twin y = Twin.random(plan.dtype(), random, plan.yShape().sizes());
    Twin index = Twin.random(DType.I32, random, plan.yShape().sizes());
    CPU.maxPool2d(plan, x.cpu(), y.cpu(), index.cpu());
    REFERENCE.maxPool2d(plan, x.reference(), y.reference(), index.reference());
    y.assertEqual(plan.toString());
    index.assertEqual(plan.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void maximum(DType type) {
    for (Pool2dPlan plan : plans(type)) {
      max(plan, Twin.random(type, random, plan.xShape().sizes()));
    }
  }

  @Test
  void theFirstOfEqualsWins() {
    for (Pool2dPlan plan : plans(DType.F32)) {
      float[] x = new float[(int) plan.xShape().numel()];
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextInt(3) - 1;
      }
      max(plan, Twin.of(DType.F32, x));
    }
  }

  @Test
  void nanWinsAndInfinityIsAnElement() {
    for (Pool2dPlan plan : plans(DType.F32)) {
      float[] x = (float[]) Twin.values(DType.F32, random, (int) plan.xShape().numel());
      for (int i = 0; i < x.length; i += 7) {
        x[i] =
            switch (random.nextInt(3)) {
              case 0 -> Float.NaN;
              case 1 -> Float.NEGATIVE_INFINITY;
              default -> Float.POSITIVE_INFINITY;
            };
      }
      max(plan, Twin.of(DType.F32, x));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void average(DType type) {
    for (Pool2dPlan plan : plans(type)) {
      Twin x = Twin.random(type, random, plan.xShape().sizes());
      Twin y = Twin.random(type, random, plan.yShape().sizes());
      CPU.avgPool2d(plan, x.cpu(), y.cpu());
      REFERENCE.avgPool2d(plan, x.reference(), y.reference());
      y.assertClose(plan.toString(), 2, type == DType.F32 ? 1e-6 : 1e-14);

      Twin gx = Twin.random(type, random, plan.xShape().sizes());
      CPU.avgPool2dBackward(plan, y.cpu(), gx.cpu());
      REFERENCE.avgPool2dBackward(plan, y.reference(), gx.reference());
      gx.assertClose(plan.toString(), 2, type == DType.F32 ? 1e-6 : 1e-14);
    }
  }
}
