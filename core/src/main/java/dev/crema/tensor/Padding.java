package dev.crema.tensor;

/** How much a convolution pads, in pixels. */
public sealed interface Padding {

  /** So much on each side: top, bottom, left, right. */
  record Explicit(int top, int bottom, int left, int right) implements Padding {}

  /**
   * As much as keeps the output at the input's size; an odd pixel goes to the bottom or right.
   * Needs stride 1.
   */
  record Same() implements Padding {}

  /** None: only whole windows. */
  record Valid() implements Padding {}

  /** As much as lets every window that touches the image count: output = input + d(k − 1). */
  record Full() implements Padding {}

  /** {@code p} on all four sides. */
  static Padding of(int p) {
    return of(p, p);
  }

  /** {@code ph} above and below, {@code pw} left and right. */
  static Padding of(int ph, int pw) {
    return new Explicit(ph, ph, pw, pw);
  }

  /** Each side its own. */
  static Padding of(int top, int bottom, int left, int right) {
    return new Explicit(top, bottom, left, right);
  }

  static Padding same() {
    return new Same();
  }

  static Padding valid() {
    return new Valid();
  }

  static Padding full() {
    return new Full();
  }
}
