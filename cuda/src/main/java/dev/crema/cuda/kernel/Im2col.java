package dev.crema.cuda.kernel;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cuda.driver.CudaDevice;

/**
 * The column matrix of a convolution, [channels·kh·kw, oh·ow]: {@code im2col.cu}. Channels are any
 * run of them that is dense in memory: a group's, an image's, or several images'. Its number of
 * elements must fit in an int.
 */
public final class Im2col {
  private Im2col() {}

  /**
   * Writes the columns of some channels.
   *
   * @param x the address of the first channel's plane
   */
  public static void im2col(
      CudaDevice device, Conv2dPlan plan, int channels, long x, long columns) {
    long n = (long) channels * plan.kh() * plan.kw() * plan.oh() * plan.ow();
    launch(device, "im2col", plan, Math.toIntExact(n), x, columns);
  }

  /** Adds the columns of each pixel up: the adjoint. */
  public static void col2im(
      CudaDevice device, Conv2dPlan plan, int channels, long columns, long x) {
    long n = (long) channels * plan.ih() * plan.iw();
    launch(device, "col2im", plan, Math.toIntExact(n), columns, x);
  }

  private static void launch(
      CudaDevice device, String name, Conv2dPlan plan, int n, long from, long to) {
    device
        .kernels()
        .get("im2col", Grid.name(name, plan.dtype()))
        .args()
        .ints(ints(plan, n))
        .ptr(from)
        .ptr(to)
        .launch(Grid.blocks(n), Grid.THREADS, 0);
  }

  private static int[] ints(Conv2dPlan plan, int n) {
    int[] oh = Nest.divisor(plan.oh());
    int[] ow = Nest.divisor(plan.ow());
    int[] kh = Nest.divisor(plan.kh());
    int[] kw = Nest.divisor(plan.kw());
    return new int[] {
      n, plan.ih(), plan.iw(), oh[0], oh[1], oh[2], ow[0], ow[1], ow[2], kh[0], kh[1], kh[2], kw[0],
      kw[1], kw[2], plan.sh(), plan.sw(), plan.pt(), plan.pl(), plan.dh(), plan.dw()
    };
  }
}
