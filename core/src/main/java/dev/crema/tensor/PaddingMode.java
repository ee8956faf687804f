package dev.crema.tensor;

import java.util.Locale;

/** What stands outside the image, with PyTorch's names. */
public enum PaddingMode {
  /** Zeros (or another constant). */
  ZEROS,
  /** The image mirrored at its edge pixel, which is not repeated; needs padding below the size. */
  REFLECT,
  /** The edge pixel repeated. */
  REPLICATE,
  /** The image repeated; needs padding of at most the size. */
  CIRCULAR;

  /** PyTorch's name: {@code zeros}, {@code reflect}, {@code replicate}, {@code circular}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
