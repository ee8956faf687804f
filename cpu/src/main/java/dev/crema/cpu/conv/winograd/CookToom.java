package dev.crema.cpu.conv.winograd;

import java.util.List;

/**
 * The matrices of F(m, r): m outputs y[i] = Σ d[i + k]·g[k] of an r-tap filter g over α = m + r − 1
 * inputs d, by α multiplications: y = Aᵀ[(G·g) ⊙ (Bᵀ·d)].
 *
 * <p>A product of polynomials of r and m coefficients has α of them, and α values determine it: its
 * values at α − 1 points, and at ∞ its leading coefficient (Toom and Cook). In matrices, s =
 * V⁻¹[(V·g) ⊙ (V·h)] with Vandermonde's V; the correlation is the transpose of this in h, so Aᵀ is
 * Vᵀ, G is V, and Bᵀ is V⁻ᵀ, whose rows are Lagrange's polynomials. Their denominators are moved
 * from Bᵀ to G, where they cost nothing.
 */
final class CookToom {
  final int m;
  final int r;

  /** m + r − 1. */
  final int alpha;

  /** m × α. */
  final Matrix at;

  /** α × r. */
  final Matrix g;

  /** α × α. */
  final Matrix bt;

  CookToom(int m, int r, Points points) {
    this.m = m;
    this.r = r;
    this.alpha = m + r - 1;
    List<Rational> p = points.first(alpha - 1);
    this.at = new Matrix(vandermonde(p, m)).transposed();
    Rational[][] filter = vandermonde(p, r);
    Rational[][] data = new Rational[alpha][];
    for (int i = 0; i < alpha; i++) {
      Rational[] product = {Rational.ONE};
      Rational denominator = Rational.ONE;
      for (int j = 0; j < alpha - 1; j++) {
        if (j != i) {
          product = timesXMinus(p.get(j), product);
          denominator = i < alpha - 1 ? denominator.times(p.get(i).minus(p.get(j))) : Rational.ONE;
        }
      }
      data[i] = padded(product, alpha);
      for (int k = 0; k < r; k++) {
        filter[i][k] = filter[i][k].over(denominator);
      }
    }
    this.g = new Matrix(filter);
    this.bt = new Matrix(data);
  }

  /** Rows 1, p, p², ..., p^(n−1), and for ∞ the row 0, ..., 0, 1. */
  private static Rational[][] vandermonde(List<Rational> points, int n) {
    Rational[][] v = new Rational[points.size() + 1][n];
    for (int i = 0; i < points.size(); i++) {
      Rational power = Rational.ONE;
      for (int k = 0; k < n; k++) {
        v[i][k] = power;
        power = power.times(points.get(i));
      }
    }
    v[points.size()] = padded(new Rational[0], n);
    v[points.size()][n - 1] = Rational.ONE;
    return v;
  }

  /** A polynomial, coefficients from the lowest, times (x − p). */
  private static Rational[] timesXMinus(Rational p, Rational[] polynomial) {
    Rational[] product = padded(new Rational[0], polynomial.length + 1);
    for (int i = 0; i < polynomial.length; i++) {
      product[i] = product[i].minus(p.times(polynomial[i]));
      product[i + 1] = product[i + 1].plus(polynomial[i]);
    }
    return product;
  }

  private static Rational[] padded(Rational[] x, int length) {
    Rational[] y = new Rational[length];
    for (int i = 0; i < length; i++) {
      y[i] = i < x.length ? x[i] : Rational.ZERO;
    }
    return y;
  }
}
