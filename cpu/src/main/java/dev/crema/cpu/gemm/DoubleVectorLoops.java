package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;

/**
 * The loops of products that read b once and so do not pack it: dot products of rows, and a row of
 * c plus multiples of rows of b. {@link DoubleScalarLoops} are the same without vectors.
 */
final class DoubleVectorLoops {
  private DoubleVectorLoops() {}

  /**
   * Eight dot products, of 4 rows of a and 2 of b, lane by lane: sums[so + (2·i + j)·lanes ..] = Σ
   * over k of a[i][k ..]·b[j][k ..]. k is a multiple of the lanes; the caller adds the lanes up,
   * since {@code reduceLanes} does so in no fixed order.
   */
  static void dot4x2(
      double[] a, int ao, int ars, double[] b, int bo, int bcs, int k, double[] sums, int so) {
    var c0a = DoubleVector.zero(D);
    var c0b = DoubleVector.zero(D);
    var c1a = DoubleVector.zero(D);
    var c1b = DoubleVector.zero(D);
    var c2a = DoubleVector.zero(D);
    var c2b = DoubleVector.zero(D);
    var c3a = DoubleVector.zero(D);
    var c3b = DoubleVector.zero(D);
    int a1 = ao + ars;
    int a2 = a1 + ars;
    int a3 = a2 + ars;
    int b1 = bo + bcs;
    for (int p = 0; p < k; p += D_LENGTH) {
      var vb0 = DoubleVector.fromArray(D, b, bo + p);
      var vb1 = DoubleVector.fromArray(D, b, b1 + p);
      var va0 = DoubleVector.fromArray(D, a, ao + p);
      c0a = va0.fma(vb0, c0a);
      c0b = va0.fma(vb1, c0b);
      var va1 = DoubleVector.fromArray(D, a, a1 + p);
      c1a = va1.fma(vb0, c1a);
      c1b = va1.fma(vb1, c1b);
      var va2 = DoubleVector.fromArray(D, a, a2 + p);
      c2a = va2.fma(vb0, c2a);
      c2b = va2.fma(vb1, c2b);
      var va3 = DoubleVector.fromArray(D, a, a3 + p);
      c3a = va3.fma(vb0, c3a);
      c3b = va3.fma(vb1, c3b);
    }
    c0a.intoArray(sums, so);
    c0b.intoArray(sums, so + D_LENGTH);
    c1a.intoArray(sums, so + 2 * D_LENGTH);
    c1b.intoArray(sums, so + 3 * D_LENGTH);
    c2a.intoArray(sums, so + 4 * D_LENGTH);
    c2b.intoArray(sums, so + 5 * D_LENGTH);
    c3a.intoArray(sums, so + 6 * D_LENGTH);
    c3b.intoArray(sums, so + 7 * D_LENGTH);
  }

  /** Four dot products, of 1 row of a and 4 of b, as {@link #dot4x2}. */
  static void dot1x4(
      double[] a, int ao, double[] b, int bo, int bcs, int k, double[] sums, int so) {
    var c0 = DoubleVector.zero(D);
    var c1 = DoubleVector.zero(D);
    var c2 = DoubleVector.zero(D);
    var c3 = DoubleVector.zero(D);
    int b1 = bo + bcs;
    int b2 = b1 + bcs;
    int b3 = b2 + bcs;
    for (int p = 0; p < k; p += D_LENGTH) {
      var va = DoubleVector.fromArray(D, a, ao + p);
      c0 = va.fma(DoubleVector.fromArray(D, b, bo + p), c0);
      c1 = va.fma(DoubleVector.fromArray(D, b, b1 + p), c1);
      c2 = va.fma(DoubleVector.fromArray(D, b, b2 + p), c2);
      c3 = va.fma(DoubleVector.fromArray(D, b, b3 + p), c3);
    }
    c0.intoArray(sums, so);
    c1.intoArray(sums, so + D_LENGTH);
    c2.intoArray(sums, so + 2 * D_LENGTH);
    c3.intoArray(sums, so + 3 * D_LENGTH);
  }

  /** One dot product, as {@link #dot4x2}. */
  static void dot1x1(double[] a, int ao, double[] b, int bo, int k, double[] sums, int so) {
    var c0 = DoubleVector.zero(D);
    for (int p = 0; p < k; p += D_LENGTH) {
      c0 = DoubleVector.fromArray(D, a, ao + p).fma(DoubleVector.fromArray(D, b, bo + p), c0);
    }
    c0.intoArray(sums, so);
  }

  /** c[0 .. n) += x0·b[0] + x1·b[1] + x2·b[2] + x3·b[3], rows of b, one after the other. */
  static void axpy4(
      double x0,
      double x1,
      double x2,
      double x3,
      double[] b,
      int bo,
      int brs,
      int n,
      double[] c,
      int co) {
    int b1 = bo + brs;
    int b2 = b1 + brs;
    int b3 = b2 + brs;
    var v0 = DoubleVector.broadcast(D, x0);
    var v1 = DoubleVector.broadcast(D, x1);
    var v2 = DoubleVector.broadcast(D, x2);
    var v3 = DoubleVector.broadcast(D, x3);
    int bound = D.loopBound(n);
    for (int j = 0; j < bound; j += D_LENGTH) {
      var sum = DoubleVector.fromArray(D, c, co + j);
      sum = v0.fma(DoubleVector.fromArray(D, b, bo + j), sum);
      sum = v1.fma(DoubleVector.fromArray(D, b, b1 + j), sum);
      sum = v2.fma(DoubleVector.fromArray(D, b, b2 + j), sum);
      sum = v3.fma(DoubleVector.fromArray(D, b, b3 + j), sum);
      sum.intoArray(c, co + j);
    }
    for (int j = bound; j < n; j++) {
      double sum = Math.fma(x0, b[bo + j], c[co + j]);
      sum = Math.fma(x1, b[b1 + j], sum);
      sum = Math.fma(x2, b[b2 + j], sum);
      c[co + j] = Math.fma(x3, b[b3 + j], sum);
    }
  }

  /** c[0 .. n) += x·b[0 .. n). */
  static void axpy1(double x, double[] b, int bo, int n, double[] c, int co) {
    var v = DoubleVector.broadcast(D, x);
    int bound = D.loopBound(n);
    for (int j = 0; j < bound; j += D_LENGTH) {
      v.fma(DoubleVector.fromArray(D, b, bo + j), DoubleVector.fromArray(D, c, co + j))
          .intoArray(c, co + j);
    }
    for (int j = bound; j < n; j++) {
      c[co + j] = Math.fma(x, b[bo + j], c[co + j]);
    }
  }

  /**
   * Copies runs of two vectors to places {@code panel} apart, as many as fit {@code count}; returns
   * how many elements that are.
   */
  static int scatter(double[] x, int xo, int count, double[] to, int at, int panel) {
    int bound = count - count % (2 * D_LENGTH);
    for (int i = 0; i < bound; i += 2 * D_LENGTH) {
      DoubleVector.fromArray(D, x, xo + i).intoArray(to, at);
      DoubleVector.fromArray(D, x, xo + i + D_LENGTH).intoArray(to, at + D_LENGTH);
      at += panel;
    }
    return bound;
  }
}
