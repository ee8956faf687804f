package dev.crema.nn;

import static dev.crema.nn.Pair.both;

import dev.crema.tensor.Tensor;

/** The average of each window, per channel of [n, c, ih, iw] or [c, ih, iw]; padding is 0. */
public final class AvgPool2d extends Pool2d<AvgPool2d> {
  private boolean countIncludePad = true;

  /** Square windows side by side. */
  public AvgPool2d(int kernel) {
    this(kernel, kernel);
  }

  /** Square windows, {@code stride} pixels from one to the next. */
  public AvgPool2d(int kernel, int stride) {
    super(both(kernel), both(stride));
  }

  /** Windows with a height and a width, side by side. */
  public AvgPool2d(Pair kernel) {
    super(kernel, kernel);
  }

  /** Whether an average divides by padding too. */
  public AvgPool2d countIncludePad(boolean countIncludePad) {
    checkConfigurable("countIncludePad");
    this.countIncludePad = countIncludePad;
    return this;
  }

  @Override
  AvgPool2d self() {
    return this;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.avgPool2d(options().countIncludePad(countIncludePad));
  }
}
