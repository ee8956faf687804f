package dev.crema.op;

import dev.crema.tensor.Padding;
import dev.crema.tensor.PaddingMode;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;

/** Padding of the last two dimensions. */
public final class Pad {
  private Pad() {}

  /**
   * x with a border.
   *
   * @param x [.., h, w]
   * @param value what stands in the border in mode ZEROS
   */
  public static Tensor pad(Tensor x, Padding.Explicit p, PaddingMode mode, double value) {
    if (x.shape().rank() < 2 || p.top() < 0 || p.bottom() < 0 || p.left() < 0 || p.right() < 0) {
      throw new ShapeException(
          "pad: expected [.., h, w] and no negative padding, got %s and %s"
              .formatted(x.shape(), p));
    }
    if (mode == PaddingMode.ZEROS) {
      Tensor rows = constant(x, -2, p.top(), p.bottom(), value);
      return constant(rows, -1, p.left(), p.right(), value);
    }
    Tensor rows = picked(x, -2, p.top(), p.bottom(), mode);
    return picked(rows, -1, p.left(), p.right(), mode);
  }

  private static Tensor constant(Tensor x, int dim, int before, int after, double value) {
    if (before == 0 && after == 0) {
      return x;
    }
    long size = x.shape().size(dim);
    Tensor y =
        Shaping.embed(x, x.shape().with(dim, before + size + after), dim, before, before + size, 1);
    if (value == 0) {
      return y;
    }
    Tensor inside =
        Shaping.embed(Tensor.onesLike(x.detach()), y.shape(), dim, before, before + size, 1);
    return Tensor.where(inside.ne(0), y, Tensor.full(y.shape(), value, x.dtype(), x.device()));
  }

  /** Each border row is a copy of a row of x. */
  private static Tensor picked(Tensor x, int dim, int before, int after, PaddingMode mode) {
    if (before == 0 && after == 0) {
      return x;
    }
    int size = x.shape().toInt("pad", x.shape().size(dim));
    int most =
        mode == PaddingMode.REFLECT
            ? size - 1
            : mode == PaddingMode.CIRCULAR ? size : Integer.MAX_VALUE;
    if (size < 1 || before > most || after > most) {
      throw new ShapeException(
          "pad: mode %s takes at most %s on dimension %s of shape %s, got %s and %s"
              .formatted(mode, Math.min(most, size), dim, x.shape(), before, after));
    }
    int[] from = new int[before + size + after];
    for (int i = 0; i < from.length; i++) {
      int at = i - before;
      from[i] =
          switch (mode) {
            case REPLICATE -> Math.clamp(at, 0, size - 1);
            case CIRCULAR -> Math.floorMod(at, size);
            case REFLECT -> at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
            case ZEROS -> throw new IllegalStateException("zeros are not picked");
          };
    }
    return Index.indexSelect(x, dim, Tensor.copyOf(from).to(x.device()));
  }
}
