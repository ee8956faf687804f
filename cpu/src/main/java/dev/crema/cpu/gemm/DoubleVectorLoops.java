package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;

/**
 * Loops over rows of b: a row of c plus multiples of them, and copying them to panels. {@link
 * DoubleScalarLoops} are the former without vectors.
 */
final class DoubleVectorLoops {
  private DoubleVectorLoops() {}

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
