package dev.crema.bench.report;

import java.util.Locale;

/** Numbers for people. */
final class Figures {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB"};

  private Figures() {}

  /**
   * {@code 0.0123}, {@code 1.23}, {@code 123}, {@code 1234}: three digits, or all before the point.
   */
  static String significant(double value) {
    int digits = value <= 0 ? 0 : (int) Math.floor(Math.log10(value));
    return String.format(Locale.ROOT, "%." + Math.clamp(2 - digits, 0, 6) + "f", value);
  }

  /** {@code 0 B}, {@code 1.5 MiB}. */
  static String bytes(long bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : significant(value) + " " + UNITS[unit];
  }
}
