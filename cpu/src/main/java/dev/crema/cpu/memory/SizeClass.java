package dev.crema.cpu.memory;

/**
 * The array lengths that the pool deals in: multiples of 64 up to 1024, then 16 steps to each power
 * of two, so that at most a sixteenth of an array, or 63 elements of a short one, is idle, and
 * arrays of nearly equal sizes serve each other.
 */
final class SizeClass {
  /** The longest array that every HotSpot can allocate. */
  static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private static final int STEP = 64;
  private static final int STEPS = 16;
  private static final int FIRST_OCTAVE = 10;

  /** The number of classes: the linear ones, then octaves 10 to 30. */
  static final int COUNT = STEPS * (1 + 31 - FIRST_OCTAVE);

  private SizeClass() {}

  /** The class of the shortest arrays with at least {@code length} elements. */
  static int of(int length) {
    int last = Math.max(0, length - 1);
    if (last < STEP * STEPS) {
      return last / STEP;
    }
    int octave = 31 - Integer.numberOfLeadingZeros(last);
    int step = (last >>> (octave - 4)) - STEPS;
    return STEPS * (1 + octave - FIRST_OCTAVE) + step;
  }

  /** The length of this class's arrays. */
  static int length(int sizeClass) {
    int row = sizeClass / STEPS;
    long steps = 1L + sizeClass % STEPS;
    if (row == 0) {
      return (int) (STEP * steps);
    }
    int octave = row - 1 + FIRST_OCTAVE;
    return (int) Math.min(MAX_LENGTH, (1L << octave) + (steps << (octave - 4)));
  }
}
