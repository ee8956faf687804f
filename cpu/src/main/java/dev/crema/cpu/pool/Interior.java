package dev.crema.cpu.pool;

import dev.crema.backend.Pool2dPlan.Windows;

/**
 * The windows of one axis that are full and regular: {@code count} windows from {@code first} on,
 * each {@code taps} wide, {@code stride} apart, the first starting at {@code start}.
 */
record Interior(int first, int count, int start, int stride, int taps) {

  static Interior of(Windows w) {
    int taps = 0;
    int first = 0;
    for (int i = 0; i < w.count(); i++) {
      if (taps(w, i) > taps) {
        taps = taps(w, i);
        first = i;
      }
    }
    int end = first + 1;
    int stride = end < w.count() ? Math.max(1, w.start(end) - w.start(first)) : 1;
    while (end < w.count() && taps(w, end) == taps && w.start(end) - w.start(end - 1) == stride) {
      end++;
    }
    return new Interior(first, end - first, w.start(first), stride, taps);
  }

  private static int taps(Windows w, int i) {
    return Math.ceilDiv(w.end(i) - w.start(i), w.step());
  }

  /** Whether the windows lie side by side from the start on, with no gaps, padding or dilation. */
  static boolean tiles(Windows w) {
    Interior all = of(w);
    return all.count == w.count()
        && all.start == 0
        && all.taps == all.stride
        && all.taps == w.divisor(0)
        && w.step() == 1;
  }

  boolean contains(int window) {
    return window >= first && window < first + count;
  }
}
