package dev.crema.cpu.conv;

/** What of a convolution is computed; {@link #label} is benchdnn's name for it. */
public enum Direction {
  /** y from x and w. */
  FORWARD("fwd"),
  /** The gradient for x, from gy and w. */
  BACKWARD_INPUT("bwd_d"),
  /** The gradient for w, from x and gy. */
  BACKWARD_WEIGHT("bwd_w");

  private final String label;

  Direction(String label) {
    this.label = label;
  }

  /** {@code fwd}, {@code bwd_d} or {@code bwd_w}. */
  public String label() {
    return label;
  }
}
