package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import java.util.Arrays;

/**
 * One axis of a convolution seen as a sum of shifted images: output o adds up, for each tap t,
 * source line (o + shift[t])·stride + phase[t], where there is one. With a stride, the source falls
 * into {@code stride} images, its phases, and each tap reads one of them at distance 1.
 *
 * <p>Loops, not streams: this is on the way of every small convolution, and streams start slowly.
 *
 * @param source lines of the source
 * @param outputs lines of the result
 * @param stride how far apart in the source the lines of a phase are
 * @param tap the kernel's line, of each tap that is used
 * @param phase the first source line of each tap's phase
 * @param shift each tap's shift
 */
record Taps(int source, int outputs, int stride, int[] tap, int[] phase, int[] shift) {

  /** The rows of a forward convolution. */
  static Taps down(Conv2dPlan p) {
    return forward(p.ih(), p.oh(), p.kh(), p.sh(), p.pt(), p.dh());
  }

  /** The columns of a forward convolution. */
  static Taps across(Conv2dPlan p) {
    return forward(p.iw(), p.ow(), p.kw(), p.sw(), p.pl(), p.dw());
  }

  private static Taps forward(int in, int out, int k, int stride, int pad, int dilation) {
    int[] tap = new int[k];
    int[] phase = new int[k];
    int[] shift = new int[k];
    for (int t = 0; t < k; t++) {
      tap[t] = t;
      phase[t] = Math.floorMod(t * dilation - pad, stride);
      shift[t] = Math.floorDiv(t * dilation - pad, stride);
    }
    return new Taps(in, out, stride, tap, phase, shift);
  }

  /** The rows {@code first}, first + sh, first + 2·sh … of the gradient for the image, from gy. */
  static Taps backDown(Conv2dPlan p, int first) {
    return backward(p.oh(), p.ih(), p.kh(), p.sh(), p.pt(), p.dh(), first);
  }

  /** Its columns. */
  static Taps backAcross(Conv2dPlan p, int first) {
    return backward(p.ow(), p.iw(), p.kw(), p.sw(), p.pl(), p.dw(), first);
  }

  private static Taps backward(
      int source, int all, int k, int stride, int pad, int dilation, int first) {
    int[] tap = new int[k];
    int[] shift = new int[k];
    int count = 0;
    for (int t = 0; t < k; t++) {
      int from = first + pad - t * dilation;
      if (Math.floorMod(from, stride) == 0) {
        tap[count] = t;
        shift[count++] = from / stride;
      }
    }
    return new Taps(
        source,
        Math.ceilDiv(all - first, stride),
        1,
        Arrays.copyOf(tap, count),
        new int[count],
        Arrays.copyOf(shift, count));
  }

  int count() {
    return tap.length;
  }

  /** The phases that are used, in order. */
  int[] phases() {
    int[] phases = new int[count()];
    int count = 0;
    for (int candidate = 0; candidate < stride; candidate++) {
      if (contains(phase, candidate)) {
        phases[count++] = candidate;
      }
    }
    return Arrays.copyOf(phases, count);
  }

  private static boolean contains(int[] values, int wanted) {
    for (int value : values) {
      if (value == wanted) {
        return true;
      }
    }
    return false;
  }

  int minShift() {
    int min = count() == 0 ? 0 : shift[0];
    for (int s : shift) {
      min = Math.min(min, s);
    }
    return min;
  }

  int maxShift() {
    int max = count() == 0 ? 0 : shift[0];
    for (int s : shift) {
      max = Math.max(max, s);
    }
    return max;
  }

  /** Lines of the longest phase. */
  int lines() {
    return Math.ceilDiv(source, stride);
  }

  /** Lines of the phase that starts at this source line. */
  int lines(int first) {
    return Math.ceilDiv(Math.max(0, source - first), stride);
  }

  /** Zeros that taps read before the source. */
  int before() {
    return Math.max(0, -minShift());
  }

  /** Zeros that taps read behind a phase. */
  int behind() {
    return Math.max(0, outputs + maxShift() - lines());
  }
}
