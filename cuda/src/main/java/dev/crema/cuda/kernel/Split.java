package dev.crema.cuda.kernel;

/**
 * How long lines are cut up where there are too few to fill a GPU: {@code segments} of each, of
 * {@code segment} elements. It depends on sizes alone, so results are the same on every device.
 */
record Split(Lanes lanes, int segment, int segments) {
  /** About as many threads as the largest devices keep going at once. */
  private static final int THREADS = 1 << 18;

  /** Elements that a thread should have at least. */
  private static final int WORK = 16;

  /** For {@code lines} lines of {@code size} elements. */
  static Split of(Lanes lanes, int lines, int size) {
    int work = Math.ceilDiv(size, lanes.lanes());
    long wanted = Math.ceilDiv(THREADS, Math.max(1L, (long) lines * lanes.lanes()));
    int most = Math.clamp(Math.min(wanted, work / WORK), 1, THREADS);
    int segment = Math.max(1, Math.ceilDiv(size, most));
    return new Split(lanes, segment, Math.max(1, Math.ceilDiv(size, segment)));
  }

  /** In one piece. */
  static Split none(Lanes lanes, int size) {
    return new Split(lanes, Math.max(1, size), 1);
  }
}
