package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;

/**
 * The gradient for the image at stride 1 as a convolution of gy: with the kernels turned by 180
 * degrees, input and output channels in each other's place, and the padding that is left to a full
 * one.
 */
final class TurnedWeight {
  private TurnedWeight() {}

  /** Whether there is such a convolution that multiplies little more than it has to. */
  static boolean fits(Conv2dPlan p) {
    return p.sh() == 1
        && p.sw() == 1
        && Math.max(p.pt(), p.pb()) <= p.dh() * (p.kh() - 1)
        && Math.max(p.pl(), p.pr()) <= p.dw() * (p.kw() - 1)
        && 4L * p.ih() * p.iw() <= 5L * p.oh() * p.ow();
  }

  /** Its plan: gy for the image, gx for the result. */
  static Conv2dPlan plan(Conv2dPlan p) {
    int spanH = p.dh() * (p.kh() - 1);
    int spanW = p.dw() * (p.kw() - 1);
    return new Conv2dPlan(
        p.dtype(),
        p.n(),
        p.oc(),
        p.oh(),
        p.ow(),
        p.ic(),
        p.ih(),
        p.iw(),
        p.kh(),
        p.kw(),
        1,
        1,
        spanH - p.pt(),
        spanH - p.pb(),
        spanW - p.pl(),
        spanW - p.pr(),
        p.dh(),
        p.dw(),
        p.groups());
  }

  /** The turned weight, [groups][c][o][kh − 1 − ky][kw − 1 − kx], from the pool. */
  static Object of(Conv2dPlan p, Operand w) {
    int taps = p.kh() * p.kw();
    int ocPerGroup = p.ocPerGroup();
    int icPerGroup = p.icPerGroup();
    Object turned = BufferPool.shared().take(p.dtype(), (long) p.oc() * icPerGroup * taps);
    Rows rows = Rows.of(p.dtype());
    Parallel.range(
        p.ic(),
        Parallel.grain((long) ocPerGroup * taps),
        (first, end) -> {
          for (int c = first; c < end; c++) {
            int to = c * ocPerGroup * taps;
            int group = c / icPerGroup;
            int from = w.at() + (group * ocPerGroup * icPerGroup + c % icPerGroup) * taps;
            for (int t = 0; t < taps; t++) {
              // One element of each output channel, from tap t to its mirror image.
              int mirror = to + taps - 1 - t;
              rows.move(w.array(), from + t, icPerGroup * taps, turned, mirror, taps, ocPerGroup);
            }
          }
        });
    return turned;
  }
}
