package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;

/**
 * Loops over rows of b: a row of c plus multiples of them, and copying them to panels. {@link
 * FloatScalarLoops} are the former without vectors.
 */
final class FloatVectorLoops {
  private FloatVectorLoops() {}

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
