package dev.crema.bench.peers;

import java.util.List;

/**
 * Whether two libraries computed the same. Differences are relative to the root mean square of the
 * first result, so that numbers near zero do not count for more than others: sums in another order,
 * and Winograd's transforms, move every number by the same amount.
 */
final class Equality {
  /** How far above the root mean square of the differences one of them may be. */
  private static final double LARGEST = 25;

  private Equality() {}

  /**
   * What is wrong, in words; empty if they are equal.
   *
   * @param tolerance what the root mean square of the differences may be
   */
  static String difference(List<float[]> expected, List<float[]> actual, double tolerance) {
    if (expected.size() != actual.size()) {
      return "expected %d results, got %d".formatted(expected.size(), actual.size());
    }
    for (int i = 0; i < expected.size(); i++) {
      String difference = difference(expected.get(i), actual.get(i), tolerance);
      if (!difference.isEmpty()) {
        return expected.size() == 1 ? difference : "result %d: %s".formatted(i, difference);
      }
    }
    return "";
  }

  private static String difference(float[] expected, float[] actual, double tolerance) {
    if (expected.length != actual.length) {
      return "expected %d numbers, got %d".formatted(expected.length, actual.length);
    }
    double squares = 0;
    double errors = 0;
    double max = 0;
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs((double) actual[i] - expected[i]);
      squares += (double) expected[i] * expected[i];
      errors += error * error;
      max = Math.max(max, error);
    }
    double scale = squares == 0 ? 1 : Math.sqrt(squares / expected.length);
    double rms = Math.sqrt(errors / Math.max(1, expected.length)) / scale;
    boolean equal =
        rms <= tolerance && max / scale <= LARGEST * tolerance; // false for not a number
    return equal ? "" : "differs by %.1e (RMS), %.1e (largest)".formatted(rms, max / scale);
  }
}
