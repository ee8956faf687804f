package dev.crema.cuda.driver;

/**
 * Arguments of a launch that may be others from run to run of a captured step, in words of 64 bits.
 */
public final class Live {
  private final long[] values;
  private final long address;

  Live(long[] values, long address) {
    this.values = values;
    this.address = address;
  }

  /** What they are now; nothing yet, in a step that is captured. */
  public long[] values() {
    return values;
  }

  /** Where they are written before each run of a captured step; else 0. */
  public long address() {
    return address;
  }
}
