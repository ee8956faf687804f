package dev.crema.examples.yourkernel;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Epilogue;
import dev.crema.cpu.conv.Operand;
import dev.crema.tensor.DType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolution as a sum of shifted images: for each tap of the kernel, the whole image moves by the
 * tap's place, is multiplied by the tap's weight and added to the result. No scratch memory, no
 * padding: each tap touches only where its shifted image and the result overlap.
 *
 * <p>A task is one plane of the result, so no two threads write to the same place and every sum has
 * one order.
 */
public final class ShiftAndAdd implements ConvAlgorithm {
  /** For ServiceLoader. */
  public ShiftAndAdd() {}

  @Override
  public String name() {
    return "shift-and-add";
  }

  @Override
  public @Nullable String declines(Conv2dPlan plan, Direction direction) {
    return plan.dtype() == DType.F32 ? null : "f32 only";
  }

  @Override
  public void forward(Conv2dPlan p, Operand x, Operand w, Epilogue epilogue, Operand y) {
    Operand bias = epilogue.bias();
    eachPlane(
        p.n() * p.oc(),
        plane -> {
          int n = plane / p.oc();
          int o = plane % p.oc();
          int yAt = y.at() + plane * p.oh() * p.ow();
          int yEnd = yAt + p.oh() * p.ow();
          Arrays.fill(y.f32(), yAt, yEnd, bias == null ? 0 : bias.f32()[bias.at() + o]);
          int firstChannel = o / p.ocPerGroup() * p.icPerGroup();
          for (int c = 0; c < p.icPerGroup(); c++) {
            int xAt = x.at() + (n * p.ic() + firstChannel + c) * p.ih() * p.iw();
            int wAt = w.at() + (o * p.icPerGroup() + c) * p.kh() * p.kw();
            addShifted(p, x.f32(), xAt, w.f32(), wAt, y.f32(), yAt);
          }
          if (epilogue.relu()) {
            for (int i = yAt; i < yEnd; i++) {
              y.f32()[i] = Math.max(0, y.f32()[i]);
            }
          }
        });
  }

  @Override
  public void backwardInput(Conv2dPlan p, Operand gy, Operand w, Operand gx) {
    eachPlane(
        p.n() * p.ic(),
        plane -> {
          int n = plane / p.ic();
          int c = plane % p.ic();
          int group = c / p.icPerGroup();
          int gxAt = gx.at() + plane * p.ih() * p.iw();
          Arrays.fill(gx.f32(), gxAt, gxAt + p.ih() * p.iw(), 0);
          for (int o = group * p.ocPerGroup(); o < (group + 1) * p.ocPerGroup(); o++) {
            int gyAt = gy.at() + (n * p.oc() + o) * p.oh() * p.ow();
            int wAt = w.at() + (o * p.icPerGroup() + c % p.icPerGroup()) * p.kh() * p.kw();
            addShiftedBack(p, gy.f32(), gyAt, w.f32(), wAt, gx.f32(), gxAt);
          }
        });
  }

  @Override
  public void backwardWeight(Conv2dPlan p, Operand x, Operand gy, Operand gw) {
    eachPlane(
        p.oc() * p.icPerGroup(),
        plane -> {
          int o = plane / p.icPerGroup();
          int c = o / p.ocPerGroup() * p.icPerGroup() + plane % p.icPerGroup();
          for (int ky = 0; ky < p.kh(); ky++) {
            for (int kx = 0; kx < p.kw(); kx++) {
              double sum = 0;
              for (int n = 0; n < p.n(); n++) {
                int xAt = x.at() + (n * p.ic() + c) * p.ih() * p.iw();
                int gyAt = gy.at() + (n * p.oc() + o) * p.oh() * p.ow();
                sum += overlap(p, x.f32(), xAt, gy.f32(), gyAt, ky, kx);
              }
              gw.f32()[gw.at() + (plane * p.kh() + ky) * p.kw() + kx] = (float) sum;
            }
          }
        });
  }

  /** y += w ⋆ x, for one plane of each. */
  private static void addShifted(
      Conv2dPlan p, float[] x, int xAt, float[] w, int wAt, float[] y, int yAt) {
    for (int ky = 0; ky < p.kh(); ky++) {
      for (int kx = 0; kx < p.kw(); kx++) {
        float tap = w[wAt + ky * p.kw() + kx];
        int from = firstColumn(p, kx);
        int count = endColumn(p, kx) - from;
        int ix = column(p, from, kx);
        for (int oy = firstRow(p, ky); oy < endRow(p, ky); oy++) {
          int xRow = xAt + row(p, oy, ky) * p.iw() + ix;
          int yRow = yAt + oy * p.ow() + from;
          for (int i = 0; i < count; i++) {
            y[yRow + i] += tap * x[xRow + i * p.sw()];
          }
        }
      }
    }
  }

  /** The same walk with reader and writer exchanged. */
  private static void addShiftedBack(
      Conv2dPlan p, float[] gy, int gyAt, float[] w, int wAt, float[] gx, int gxAt) {
    for (int ky = 0; ky < p.kh(); ky++) {
      for (int kx = 0; kx < p.kw(); kx++) {
        float tap = w[wAt + ky * p.kw() + kx];
        int from = firstColumn(p, kx);
        int count = endColumn(p, kx) - from;
        int ix = column(p, from, kx);
        for (int oy = firstRow(p, ky); oy < endRow(p, ky); oy++) {
          int gxRow = gxAt + row(p, oy, ky) * p.iw() + ix;
          int gyRow = gyAt + oy * p.ow() + from;
          for (int i = 0; i < count; i++) {
            gx[gxRow + i * p.sw()] += tap * gy[gyRow + i];
          }
        }
      }
    }
  }

  /** The product of a shifted plane of x with one of gy. */
  private static double overlap(
      Conv2dPlan p, float[] x, int xAt, float[] gy, int gyAt, int ky, int kx) {
    int from = firstColumn(p, kx);
    int count = endColumn(p, kx) - from;
    int ix = column(p, from, kx);
    double sum = 0;
    for (int oy = firstRow(p, ky); oy < endRow(p, ky); oy++) {
      int xRow = xAt + row(p, oy, ky) * p.iw() + ix;
      int gyRow = gyAt + oy * p.ow() + from;
      for (int i = 0; i < count; i++) {
        sum += (double) x[xRow + i * p.sw()] * gy[gyRow + i];
      }
    }
    return sum;
  }

  /** The row of x under this row of y and tap; it can lie outside. */
  private static int row(Conv2dPlan p, int oy, int ky) {
    return oy * p.sh() - p.pt() + ky * p.dh();
  }

  private static int column(Conv2dPlan p, int ox, int kx) {
    return ox * p.sw() - p.pl() + kx * p.dw();
  }

  /** The first row of y whose row of x under this tap is no padding. */
  private static int firstRow(Conv2dPlan p, int ky) {
    return Math.ceilDiv(Math.max(0, -row(p, 0, ky)), p.sh());
  }

  /** Behind the last such row. */
  private static int endRow(Conv2dPlan p, int ky) {
    return Math.min(p.oh(), Math.ceilDiv(p.ih() - row(p, 0, ky), p.sh()));
  }

  private static int firstColumn(Conv2dPlan p, int kx) {
    return Math.ceilDiv(Math.max(0, -column(p, 0, kx)), p.sw());
  }

  private static int endColumn(Conv2dPlan p, int kx) {
    return Math.min(p.ow(), Math.ceilDiv(p.iw() - column(p, 0, kx), p.sw()));
  }

  private interface Plane {
    void compute(int plane);
  }

  private static void eachPlane(int planes, Plane plane) {
    Parallel.range(
        planes,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            plane.compute(i);
          }
        });
  }
}
