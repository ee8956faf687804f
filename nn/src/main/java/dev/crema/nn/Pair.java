package dev.crema.nn;

/**
 * A size for both axes, vertical first. It remembers whether it was given as one number, since that
 * is how it prints: {@code 2} or {@code (2, 2)}.
 */
public final class Pair {
  private final int h;
  private final int w;
  private final boolean single;

  private Pair(int h, int w, boolean single) {
    this.h = h;
    this.w = w;
    this.single = single;
  }

  /** For a static import: {@code new Conv2d(16, 33, pair(3, 5))}. */
  public static Pair pair(int h, int w) {
    return new Pair(h, w, false);
  }

  static Pair both(int size) {
    return new Pair(size, size, true);
  }

  /** Vertical. */
  public int h() {
    return h;
  }

  /** Horizontal. */
  public int w() {
    return w;
  }

  @Override
  public String toString() {
    return single ? String.valueOf(h) : "(" + h + ", " + w + ")";
  }
}
