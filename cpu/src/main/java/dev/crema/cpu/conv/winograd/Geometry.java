package dev.crema.cpu.conv.winograd;

import dev.crema.backend.Conv2dPlan;
import dev.crema.tensor.DType;

/**
 * A correlation at stride 1: a forward convolution, or a backward-input, which is one of the
 * gradient with the filters turned round and their channels swapped.
 *
 * @param ic input channels of a group, {@code oc} output channels
 * @param ih the operand's height; {@code oh} the result's
 * @param top lines of zeros above the operand, or if negative how many of its lines are not read
 * @param m edge of an output tile, {@code r} of a filter
 */
record Geometry(
    DType dtype,
    int n,
    int groups,
    int ic,
    int ih,
    int iw,
    int oc,
    int oh,
    int ow,
    int top,
    int left,
    int m,
    int r,
    FilterLayout filters) {

  static Geometry forward(Conv2dPlan p, int m) {
    int taps = p.kh() * p.kw();
    var filters = new FilterLayout(p.ocPerGroup(), p.icPerGroup() * taps, taps, 0, 1, taps);
    return new Geometry(
        p.dtype(),
        p.n(),
        p.groups(),
        p.icPerGroup(),
        p.ih(),
        p.iw(),
        p.ocPerGroup(),
        p.oh(),
        p.ow(),
        p.pt(),
        p.pl(),
        m,
        p.kh(),
        filters);
  }

  static Geometry backwardInput(Conv2dPlan p, int m) {
    int taps = p.kh() * p.kw();
    var filters = new FilterLayout(p.icPerGroup(), taps, p.icPerGroup() * taps, taps - 1, -1, taps);
    return new Geometry(
        p.dtype(),
        p.n(),
        p.groups(),
        p.ocPerGroup(),
        p.oh(),
        p.ow(),
        p.icPerGroup(),
        p.ih(),
        p.iw(),
        p.kh() - 1 - p.pt(),
        p.kw() - 1 - p.pl(),
        m,
        p.kh(),
        filters);
  }

  /** Edge of an input tile. */
  int alpha() {
    return m + r - 1;
  }

  /** Elements of an image of the operand. */
  int imageSize() {
    return groups * ic * ih * iw;
  }
}
