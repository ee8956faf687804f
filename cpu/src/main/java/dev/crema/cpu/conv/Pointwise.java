package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import org.jspecify.annotations.Nullable;

/**
 * A 1x1 kernel at stride 1 without padding: y = w·x for each image and group, where x is the image
 * as it lies in memory, a row to a channel. {@link ImplicitGemm} then finds nothing to copy; the
 * gradient for the weight is gy·xᵀ, image after image.
 */
final class Pointwise extends ImplicitGemm {
  @Override
  public String name() {
    return "pointwise";
  }

  @Override
  public @Nullable String declines(Conv2dPlan plan, Direction direction) {
    return fits(plan) ? null : "not a 1x1 kernel at stride 1 without padding";
  }

  /** Whether the image itself is the product's operand. */
  static boolean fits(Conv2dPlan p) {
    return p.kh() * p.kw() * p.sh() * p.sw() == 1 && p.oh() == p.ih() && p.ow() == p.iw();
  }

  @Override
  public double cost(Conv2dPlan p, Direction direction) {
    return direction != Direction.BACKWARD_WEIGHT
        ? super.cost(p, direction)
        : Cost.products(p) * Cost.PRODUCT
            + (Cost.input(p) + Cost.output(p)) * Cost.MOVE / 2
            + Cost.weight(p) * p.n() * Cost.STREAM;
  }

  @Override
  public void backwardWeight(Conv2dPlan p, Operand x, Operand gy, Operand gw) {
    GemmKernel kernel = GemmKernel.of(p.dtype());
    int m = p.ocPerGroup();
    int n = p.icPerGroup();
    int pixels = p.oh() * p.ow();
    Rows.of(p.dtype()).zero(gw.array(), gw.at(), p.oc() * n);
    Parallel.range(
        p.groups(),
        Gemm.grain((long) m * n * pixels * p.n()),
        (from, to) -> {
          for (int g = from; g < to; g++) {
            int out = gw.at() + g * m * n;
            for (int i = 0; i < p.n(); i++) {
              int a = gy.at() + (i * p.oc() + g * m) * pixels;
              int b = x.at() + (i * p.ic() + g * n) * pixels;
              Gemm.run(
                  kernel,
                  m,
                  n,
                  pixels,
                  gy.array(),
                  a,
                  pixels,
                  1,
                  x.array(),
                  b,
                  1,
                  pixels,
                  gw.array(),
                  out,
                  n,
                  true);
            }
          }
        });
  }
}
