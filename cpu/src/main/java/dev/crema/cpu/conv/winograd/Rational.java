package dev.crema.cpu.conv.winograd;

/** A fraction in lowest terms, exact or an ArithmeticException. */
record Rational(long num, long den) {
  static final Rational ZERO = new Rational(0, 1);
  static final Rational ONE = new Rational(1, 1);

  Rational {
    if (den == 0) {
      throw new ArithmeticException(num + "/0");
    }
    long divisor = den < 0 ? -gcd(num, den) : gcd(num, den);
    num /= divisor;
    den /= divisor;
  }

  /** Reads {@code 2}, {@code -1/2}. */
  static Rational parse(String s) {
    int slash = s.indexOf('/');
    return slash < 0
        ? new Rational(Long.parseLong(s), 1)
        : new Rational(
            Long.parseLong(s.substring(0, slash)), Long.parseLong(s.substring(slash + 1)));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? Math.abs(a) : gcd(b, a % b);
  }

  boolean isZero() {
    return num == 0;
  }

  Rational negate() {
    return new Rational(-num, den);
  }

  Rational plus(Rational o) {
    return new Rational(
        Math.addExact(Math.multiplyExact(num, o.den), Math.multiplyExact(o.num, den)),
        Math.multiplyExact(den, o.den));
  }

  Rational minus(Rational o) {
    return plus(o.negate());
  }

  Rational times(Rational o) {
    return new Rational(Math.multiplyExact(num, o.num), Math.multiplyExact(den, o.den));
  }

  Rational over(Rational o) {
    return times(new Rational(o.den, o.num));
  }

  float toFloat() {
    return (float) toDouble();
  }

  double toDouble() {
    return (double) num / den;
  }

  @Override
  public String toString() {
    return den == 1 ? Long.toString(num) : num + "/" + den;
  }
}
