package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import org.jspecify.annotations.Nullable;

/**
 * Convolution as it is defined, to be read: one sum for each element of the result, in double, over
 * x [n][c][iy][ix], w [o][c][ky][kx] and y [n][o][oy][ox] with iy = oy·sh − pt + ky·dh and ix =
 * ox·sw − pl + kx·dw. Some hundred times slower than the others.
 */
final class Direct implements ConvAlgorithm {
  @Override
  public String name() {
    return "direct";
  }

  @Override
  public @Nullable String declines(Conv2dPlan plan, Direction direction) {
    return null;
  }

  @Override
  public void forward(Conv2dPlan p, Operand x, Operand w, Epilogue epilogue, Operand y) {
    Operand bias = epilogue.bias();
    eachPlane(
        p.n(),
        p.oc(),
        (n, o) -> {
          int first = o / p.ocPerGroup() * p.icPerGroup();
          for (int oy = 0; oy < p.oh(); oy++) {
            for (int ox = 0; ox < p.ow(); ox++) {
              double sum = bias == null ? 0 : get(bias, o);
              for (int c = 0; c < p.icPerGroup(); c++) {
                for (int ky = 0; ky < p.kh(); ky++) {
                  int iy = oy * p.sh() - p.pt() + ky * p.dh();
                  for (int kx = 0; kx < p.kw(); kx++) {
                    int ix = ox * p.sw() - p.pl() + kx * p.dw();
                    if (inside(p, iy, ix)) {
                      sum += get(x, xAt(p, n, first + c, iy, ix)) * get(w, wAt(p, o, c, ky, kx));
                    }
                  }
                }
              }
              set(y, yAt(p, n, o, oy, ox), epilogue.relu() ? Math.max(0, sum) : sum);
            }
          }
        });
  }

  @Override
  public void backwardInput(Conv2dPlan p, Operand gy, Operand w, Operand gx) {
    eachPlane(
        p.n(),
        p.ic(),
        (n, ic) -> {
          int c = ic % p.icPerGroup();
          int first = ic / p.icPerGroup() * p.ocPerGroup();
          for (int iy = 0; iy < p.ih(); iy++) {
            for (int ix = 0; ix < p.iw(); ix++) {
              double sum = 0;
              for (int o = first; o < first + p.ocPerGroup(); o++) {
                for (int ky = 0; ky < p.kh(); ky++) {
                  int oy = output(iy + p.pt() - ky * p.dh(), p.sh(), p.oh());
                  for (int kx = 0; kx < p.kw(); kx++) {
                    int ox = output(ix + p.pl() - kx * p.dw(), p.sw(), p.ow());
                    if (oy >= 0 && ox >= 0) {
                      sum += get(gy, yAt(p, n, o, oy, ox)) * get(w, wAt(p, o, c, ky, kx));
                    }
                  }
                }
              }
              set(gx, xAt(p, n, ic, iy, ix), sum);
            }
          }
        });
  }

  @Override
  public void backwardWeight(Conv2dPlan p, Operand x, Operand gy, Operand gw) {
    eachPlane(
        p.oc(),
        p.icPerGroup(),
        (o, c) -> {
          int ic = o / p.ocPerGroup() * p.icPerGroup() + c;
          for (int ky = 0; ky < p.kh(); ky++) {
            for (int kx = 0; kx < p.kw(); kx++) {
              double sum = 0;
              for (int n = 0; n < p.n(); n++) {
                for (int oy = 0; oy < p.oh(); oy++) {
                  int iy = oy * p.sh() - p.pt() + ky * p.dh();
                  for (int ox = 0; ox < p.ow(); ox++) {
                    int ix = ox * p.sw() - p.pl() + kx * p.dw();
                    if (inside(p, iy, ix)) {
                      sum += get(x, xAt(p, n, ic, iy, ix)) * get(gy, yAt(p, n, o, oy, ox));
                    }
                  }
                }
              }
              set(gw, wAt(p, o, c, ky, kx), sum);
            }
          }
        });
  }

  private interface Plane {
    void run(int i, int j);
  }

  private static void eachPlane(int rows, int columns, Plane plane) {
    Parallel.range(
        rows * columns,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            plane.run(i / columns, i % columns);
          }
        });
  }

  private static boolean inside(Conv2dPlan p, int iy, int ix) {
    return iy >= 0 && iy < p.ih() && ix >= 0 && ix < p.iw();
  }

  /** The output that reads this place at this stride, −1 if none does. */
  private static int output(int at, int stride, int outputs) {
    return at >= 0 && at % stride == 0 && at / stride < outputs ? at / stride : -1;
  }

  private static int xAt(Conv2dPlan p, int n, int c, int iy, int ix) {
    return ((n * p.ic() + c) * p.ih() + iy) * p.iw() + ix;
  }

  private static int yAt(Conv2dPlan p, int n, int o, int oy, int ox) {
    return ((n * p.oc() + o) * p.oh() + oy) * p.ow() + ox;
  }

  private static int wAt(Conv2dPlan p, int o, int c, int ky, int kx) {
    return ((o * p.icPerGroup() + c) * p.kh() + ky) * p.kw() + kx;
  }

  private static double get(Operand x, int i) {
    return x.array() instanceof float[] a ? a[x.at() + i] : x.f64()[x.at() + i];
  }

  private static void set(Operand y, int i, double value) {
    if (y.array() instanceof float[] a) {
      a[y.at() + i] = (float) value;
    } else {
      y.f64()[y.at() + i] = value;
    }
  }
}
