package dev.crema.cpu.conv.winograd;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the polynomials behind a Winograd transform are evaluated: distinct fractions, infinity
 * always being one more. F(m, r) takes m + r − 2 of them. Which they are decides the error: small
 * ones keep coefficients small, and a pair ±p shares half of its arithmetic.
 */
public final class Points {
  /** 0, ±1, ±2, ±1/2, ±4, ±1/4: what most libraries use, up to 8 x 8 tiles. */
  public static final Points DEFAULT = of("0", "1", "-1", "2", "-2", "1/2", "-1/2", "4", "-4");

  /** 0, ±1, ±1/2, ±2, ...: the same in another order, so that six points are 0, ±1, ±1/2. */
  public static final Points HALVES = of("0", "1", "-1", "1/2", "-1/2", "2", "-2", "1/4", "-1/4");

  /** 0, ±1, ±2, ±3, ±4: integers, as in textbooks. */
  public static final Points INTEGERS = of("0", "1", "-1", "2", "-2", "3", "-3", "4", "-4");

  private final List<Rational> points;

  private Points(List<Rational> points) {
    this.points = points;
  }

  /**
   * These points, in this order.
   *
   * @param points integers and fractions: {@code 0}, {@code -1}, {@code 1/2}
   * @throws IllegalArgumentException when two are the same
   */
  public static Points of(String... points) {
    List<Rational> list = Arrays.stream(points).map(Rational::parse).toList();
    if (list.stream().distinct().count() < list.size()) {
      throw new IllegalArgumentException(
          "Winograd points: expected distinct ones, got " + String.join(", ", points));
    }
    return new Points(list);
  }

  /** The first so many. */
  List<Rational> first(int count) {
    if (count > points.size()) {
      throw new IllegalArgumentException(
          "Winograd points: expected at least %d, got %s".formatted(count, this));
    }
    return points.subList(0, count);
  }

  @Override
  public String toString() {
    return points.stream().map(Rational::toString).collect(Collectors.joining(", "));
  }
}
