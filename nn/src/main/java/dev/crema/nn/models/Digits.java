package dev.crema.nn.models;

import dev.crema.tensor.Padding;
import dev.crema.tensor.PaddingMode;
import dev.crema.tensor.Tensor;

/** The LeNets see digits in a 32x32 field, so that strokes at the edge reach a window's centre. */
final class Digits {
  private Digits() {}

  /** 28x28 images with a border of 2 zeros; others as they are. */
  static Tensor bordered(Tensor images) {
    boolean bare = images.size(-1) == 28 && images.size(-2) == 28;
    return bare ? images.pad(new Padding.Explicit(2, 2, 2, 2), PaddingMode.ZEROS) : images;
  }
}
