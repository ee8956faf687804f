package dev.crema.cuda.driver;

/**
 * The sizes that device memory is dealt in: 512 bytes to 8 KiB in steps of 512, then 16 steps to
 * each power of two, so that at most a sixteenth is idle and nearly equal sizes serve each other.
 */
final class SizeClass {
  private static final int STEP_BITS = 9;
  private static final int STEPS = 16;
  private static final int FIRST_OCTAVE = 13;

  private SizeClass() {}

  /** The smallest size that holds this many bytes. */
  static long round(long bytes) {
    long last = Math.max(1, bytes) - 1;
    int octave = 63 - Long.numberOfLeadingZeros(last | 1);
    int shift = octave < FIRST_OCTAVE ? STEP_BITS : octave - 4;
    return ((last >>> shift) + 1) << shift;
  }

  static {
    assert round((long) STEPS << STEP_BITS) == 1L << FIRST_OCTAVE;
  }
}
