package dev.crema.nn;

import static dev.crema.nn.Pair.both;
import static dev.crema.nn.Pair.pair;

import dev.crema.tensor.Tensor;

/** The largest of each window, per channel of [n, c, ih, iw] or [c, ih, iw]; padding is −∞. */
public final class MaxPool2d extends Pool2d<MaxPool2d> {
  private Pair dilation = both(1);

  /** Square windows side by side. */
  public MaxPool2d(int kernel) {
    this(kernel, kernel);
  }

  /** Square windows, {@code stride} pixels from one to the next. */
  public MaxPool2d(int kernel, int stride) {
    super(both(kernel), both(stride));
  }

  /** Windows with a height and a width, side by side. */
  public MaxPool2d(Pair kernel) {
    super(kernel, kernel);
  }

  /** Pixels from tap to tap within a window. */
  public MaxPool2d dilation(int d) {
    return dilation(both(d));
  }

  /** Pixels from tap to tap, down and across. */
  public MaxPool2d dilation(int dh, int dw) {
    return dilation(pair(dh, dw));
  }

  private MaxPool2d dilation(Pair d) {
    checkConfigurable("dilation");
    dilation = d;
    return this;
  }

  @Override
  MaxPool2d self() {
    return this;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.maxPool2d(options().dilation(dilation.h(), dilation.w()));
  }

  @Override
  protected String extraRepr() {
    return "%s, dilation=%s, ceil_mode=%s"
        .formatted(super.extraRepr(), dilation, ModulePrinter.python(ceilMode()));
  }
}
