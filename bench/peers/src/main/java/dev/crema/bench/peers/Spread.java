package dev.crema.bench.peers;

import java.util.Arrays;

/**
 * The middle of some numbers, and the quarters around it.
 *
 * @param q1 a quarter of them are below
 * @param median half of them are below
 * @param q3 three quarters of them are below
 */
record Spread(double q1, double median, double q3) {

  /** Between two numbers it goes in proportion. */
  static Spread of(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return new Spread(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
  }

  private static double at(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
