package dev.crema.nn;

import static dev.crema.nn.Pair.both;
import static dev.crema.nn.Pair.pair;

import dev.crema.tensor.Tensor;

/**
 * The maxima of oh x ow windows that cover the image, whatever its size: [n, c, ih, iw] becomes [n,
 * c, oh, ow]. With 1 it pools globally.
 */
public final class AdaptiveMaxPool2d extends Module {
  private final Pair output;

  /** To size x size. */
  public AdaptiveMaxPool2d(int size) {
    this.output = both(size);
  }

  /** To oh x ow. */
  public AdaptiveMaxPool2d(int oh, int ow) {
    this.output = pair(oh, ow);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.adaptiveMaxPool2d(output.h(), output.w());
  }

  @Override
  protected String extraRepr() {
    return "output_size=" + output;
  }
}
