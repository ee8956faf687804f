package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;

/**
 * The loops of products that read b once and so do not pack it: dot products of rows, and a row of
 * c plus multiples of rows of b. {@link FloatScalarLoops} are the same without vectors.
 */
final class FloatVectorLoops {
  private FloatVectorLoops() {}

  /**
   * Eight dot products, of 4 rows of a and 2 of b, lane by lane: sums[so + (2·i + j)·lanes ..] = Σ
   * over k of a[i][k ..]·b[j][k ..]. k is a multiple of the lanes; the caller adds the lanes up,
   * since {@code reduceLanes} does so in no fixed order.
   */
  static void dot4x2(
      float[] a, int ao, int ars, float[] b, int bo, int bcs, int k, float[] sums, int so) {
    var c0a = FloatVector.zero(F);
    var c0b = FloatVector.zero(F);
    var c1a = FloatVector.zero(F);
    var c1b = FloatVector.zero(F);
    var c2a = FloatVector.zero(F);
    var c2b = FloatVector.zero(F);
    var c3a = FloatVector.zero(F);
    var c3b = FloatVector.zero(F);
    int a1 = ao + ars;
    int a2 = a1 + ars;
    int a3 = a2 + ars;
    int b1 = bo + bcs;
    for (int p = 0; p < k; p += F_LENGTH) {
      var vb0 = FloatVector.fromArray(F, b, bo + p);
      var vb1 = FloatVector.fromArray(F, b, b1 + p);
      var va0 = FloatVector.fromArray(F, a, ao + p);
      c0a = va0.fma(vb0, c0a);
      c0b = va0.fma(vb1, c0b);
      var va1 = FloatVector.fromArray(F, a, a1 + p);
      c1a = va1.fma(vb0, c1a);
      c1b = va1.fma(vb1, c1b);
      var va2 = FloatVector.fromArray(F, a, a2 + p);
      c2a = va2.fma(vb0, c2a);
      c2b = va2.fma(vb1, c2b);
      var va3 = FloatVector.fromArray(F, a, a3 + p);
      c3a = va3.fma(vb0, c3a);
      c3b = va3.fma(vb1, c3b);
    }
    c0a.intoArray(sums, so);
    c0b.intoArray(sums, so + F_LENGTH);
    c1a.intoArray(sums, so + 2 * F_LENGTH);
    c1b.intoArray(sums, so + 3 * F_LENGTH);
    c2a.intoArray(sums, so + 4 * F_LENGTH);
    c2b.intoArray(sums, so + 5 * F_LENGTH);
    c3a.intoArray(sums, so + 6 * F_LENGTH);
    c3b.intoArray(sums, so + 7 * F_LENGTH);
  }

  /** Four dot products, of 1 row of a and 4 of b, as {@link #dot4x2}. */
  static void dot1x4(float[] a, int ao, float[] b, int bo, int bcs, int k, float[] sums, int so) {
    var c0 = FloatVector.zero(F);
    var c1 = FloatVector.zero(F);
    var c2 = FloatVector.zero(F);
    var c3 = FloatVector.zero(F);
    int b1 = bo + bcs;
    int b2 = b1 + bcs;
    int b3 = b2 + bcs;
    for (int p = 0; p < k; p += F_LENGTH) {
      var va = FloatVector.fromArray(F, a, ao + p);
      c0 = va.fma(FloatVector.fromArray(F, b, bo + p), c0);
      c1 = va.fma(FloatVector.fromArray(F, b, b1 + p), c1);
      c2 = va.fma(FloatVector.fromArray(F, b, b2 + p), c2);
      c3 = va.fma(FloatVector.fromArray(F, b, b3 + p), c3);
    }
    c0.intoArray(sums, so);
    c1.intoArray(sums, so + F_LENGTH);
    c2.intoArray(sums, so + 2 * F_LENGTH);
    c3.intoArray(sums, so + 3 * F_LENGTH);
  }

  /** One dot product, as {@link #dot4x2}. */
  static void dot1x1(float[] a, int ao, float[] b, int bo, int k, float[] sums, int so) {
    var c0 = FloatVector.zero(F);
    for (int p = 0; p < k; p += F_LENGTH) {
      c0 = FloatVector.fromArray(F, a, ao + p).fma(FloatVector.fromArray(F, b, bo + p), c0);
    }
    c0.intoArray(sums, so);
  }

  /** c[0 .. n) += x0·b[0] + x1·b[1] + x2·b[2] + x3·b[3], rows of b, one after the other. */
  static void axpy4(
      float x0,
      float x1,
      float x2,
      float x3,
      float[] b,
      int bo,
      int brs,
      int n,
      float[] c,
      int co) {
    int b1 = bo + brs;
    int b2 = b1 + brs;
    int b3 = b2 + brs;
    var v0 = FloatVector.broadcast(F, x0);
    var v1 = FloatVector.broadcast(F, x1);
    var v2 = FloatVector.broadcast(F, x2);
    var v3 = FloatVector.broadcast(F, x3);
    int bound = F.loopBound(n);
    for (int j = 0; j < bound; j += F_LENGTH) {
      var sum = FloatVector.fromArray(F, c, co + j);
      sum = v0.fma(FloatVector.fromArray(F, b, bo + j), sum);
      sum = v1.fma(FloatVector.fromArray(F, b, b1 + j), sum);
      sum = v2.fma(FloatVector.fromArray(F, b, b2 + j), sum);
      sum = v3.fma(FloatVector.fromArray(F, b, b3 + j), sum);
      sum.intoArray(c, co + j);
    }
    for (int j = bound; j < n; j++) {
      float sum = Math.fma(x0, b[bo + j], c[co + j]);
      sum = Math.fma(x1, b[b1 + j], sum);
      sum = Math.fma(x2, b[b2 + j], sum);
      c[co + j] = Math.fma(x3, b[b3 + j], sum);
    }
  }

  /** c[0 .. n) += x·b[0 .. n). */
  static void axpy1(float x, float[] b, int bo, int n, float[] c, int co) {
    var v = FloatVector.broadcast(F, x);
    int bound = F.loopBound(n);
    for (int j = 0; j < bound; j += F_LENGTH) {
      v.fma(FloatVector.fromArray(F, b, bo + j), FloatVector.fromArray(F, c, co + j))
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
  static int scatter(float[] x, int xo, int count, float[] to, int at, int panel) {
    int bound = count - count % (2 * F_LENGTH);
    for (int i = 0; i < bound; i += 2 * F_LENGTH) {
      FloatVector.fromArray(F, x, xo + i).intoArray(to, at);
      FloatVector.fromArray(F, x, xo + i + F_LENGTH).intoArray(to, at + F_LENGTH);
      at += panel;
    }
    return bound;
  }
}
