package dev.crema.tck;

import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.Pool2dPlan;

/** Walks the windows of convolutions and poolings, one pair of elements at a time. */
final class Windows {
  private Windows() {}

  /** One multiply-add of a convolution: which elements of x, w and y meet. */
  interface Product {
    void at(int x, int w, int y);
  }

  /** Every multiply-add of a convolution, those with the zero padding left out. */
  static void forEachProduct(Conv2dPlan p, Product product) {
    for (int n = 0; n < p.n(); n++) {
      for (int oc = 0; oc < p.oc(); oc++) {
        for (int oh = 0; oh < p.oh(); oh++) {
          for (int ow = 0; ow < p.ow(); ow++) {
            for (int c = 0; c < p.icPerGroup(); c++) {
              for (int kh = 0; kh < p.kh(); kh++) {
                for (int kw = 0; kw < p.kw(); kw++) {
                  int ic = oc / p.ocPerGroup() * p.icPerGroup() + c;
                  int ih = oh * p.sh() - p.pt() + kh * p.dh();
                  int iw = ow * p.sw() - p.pl() + kw * p.dw();
                  if (ih >= 0 && ih < p.ih() && iw >= 0 && iw < p.iw()) {
                    product.at(
                        ((n * p.ic() + ic) * p.ih() + ih) * p.iw() + iw,
                        ((oc * p.icPerGroup() + c) * p.kh() + kh) * p.kw() + kw,
                        ((n * p.oc() + oc) * p.oh() + oh) * p.ow() + ow);
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /** One tap of an average: which elements of x and y meet, and what the window divides by. */
  interface Tap {
    void at(int x, int y, int divisor);
  }

  static void forEachTap(Pool2dPlan p, Tap tap) {
    for (int i = 0; i < p.yShape().numel(); i++) {
      int plane = i / (p.oh() * p.ow()) * p.ih() * p.iw();
      int oh = i / p.ow() % p.oh();
      int ow = i % p.ow();
      for (int ih = p.h().start(oh); ih < p.h().end(oh); ih += p.h().step()) {
        for (int iw = p.w().start(ow); iw < p.w().end(ow); iw += p.w().step()) {
          tap.at(plane + ih * p.iw() + iw, i, p.h().divisor(oh) * p.w().divisor(ow));
        }
      }
    }
  }
}
