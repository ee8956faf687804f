package dev.crema.examples.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Quantities for people. */
final class Words {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

  private Words() {}

  /** {@code 1 core}, {@code 1,000 cores}. */
  static String count(long n, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", n, noun, n == 1 ? "" : "s");
  }

  /** {@code 512 bytes}, {@code 23.5 GiB}. */
  static String bytes(long n) {
    int unit = 0;
    double value = n;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /** {@code 99.12% (9912/10000)}. */
  static String accuracy(long correct, long total) {
    return String.format(
        Locale.ROOT, "%s (%d/%d)", percent((double) correct / total), correct, total);
  }

  /** {@code 99.12%}, of a number from 0 to 1. */
  static String percent(double part) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * part);
  }

  /** Rows with their columns under each other; column {@code right} is aligned to the right. */
  static List<String> table(List<List<String>> rows, int right) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream()
        .map(
            row ->
                IntStream.range(0, widths.length)
                    .mapToObj(i -> pad(row.get(i), widths[i], i == right))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .toList();
  }

  private static String pad(String text, int width, boolean right) {
    String blank = " ".repeat(width - text.length());
    return right ? blank + text : text + blank;
  }
}
