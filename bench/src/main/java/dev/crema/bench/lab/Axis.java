package dev.crema.bench.lab;

/**
 * A convolution along one axis.
 *
 * @param in pixels of the image
 * @param out pixels of the result
 * @param kernel taps
 * @param stride pixels from one window to the next
 * @param before zeros above or to the left
 * @param dilation pixels from one tap to the next, from 1 (benchdnn writes one less)
 */
public record Axis(int in, int out, int kernel, int stride, int before, int dilation) {

  /** Pixels that a window spans. */
  long span() {
    return (kernel - 1L) * dilation + 1;
  }

  /** Zeros below or to the right that the last window needs; negative if pixels are left over. */
  long lacking() {
    return (out - 1L) * stride + span() - in - before;
  }

  /** Zeros below or to the right. */
  public int after() {
    return Math.toIntExact(Math.max(0, lacking()));
  }

  /** How many windows there are when both sides are padded alike; 0 or less if none fits. */
  static long windows(int in, int kernel, int stride, int before, int dilation) {
    long free = in + 2L * before - ((kernel - 1L) * dilation + 1);
    return free < 0 ? 0 : free / stride + 1;
  }

  /**
   * The padding before, where the result's size tells the sum of both: half of it, rounded down.
   */
  static int padding(int in, int out, int kernel, int stride, int dilation) {
    long both = (out - 1L) * stride + (kernel - 1L) * dilation + 1 - in;
    return Math.clamp(both / 2, 0, Integer.MAX_VALUE / 2);
  }
}
