package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;

/** {@link TapSums} of f64 in vectors, four of them at a time in registers while the taps pass. */
final class DoubleVectorTapSums {
  private DoubleVectorTapSums() {}

  static void run(
      double[] x,
      int xo,
      int[] starts,
      double[] w,
      int wo,
      double start,
      boolean relu,
      double[] y,
      int yo,
      int n) {
    int i = 0;
    for (; i < n - 2 * D_LENGTH; i += 4 * D_LENGTH) {
      four(x, xo + i, starts, w, wo, start, relu, y, yo + i);
    }
    for (; i < n; i += D_LENGTH) {
      one(x, xo + i, starts, w, wo, start, relu, y, yo + i);
    }
  }

  private static void four(
      double[] x,
      int xo,
      int[] starts,
      double[] w,
      int wo,
      double start,
      boolean relu,
      double[] y,
      int yo) {
    var s0 = DoubleVector.broadcast(D, start);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    for (int t = 0; t < starts.length; t++) {
      var tap = DoubleVector.broadcast(D, w[wo + t]);
      int at = xo + starts[t];
      s0 = tap.fma(DoubleVector.fromArray(D, x, at), s0);
      s1 = tap.fma(DoubleVector.fromArray(D, x, at + D_LENGTH), s1);
      s2 = tap.fma(DoubleVector.fromArray(D, x, at + 2 * D_LENGTH), s2);
      s3 = tap.fma(DoubleVector.fromArray(D, x, at + 3 * D_LENGTH), s3);
    }
    if (relu) {
      var zero = DoubleVector.zero(D);
      s0 = s0.max(zero);
      s1 = s1.max(zero);
      s2 = s2.max(zero);
      s3 = s3.max(zero);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + D_LENGTH);
    s2.intoArray(y, yo + 2 * D_LENGTH);
    s3.intoArray(y, yo + 3 * D_LENGTH);
  }

  private static void one(
      double[] x,
      int xo,
      int[] starts,
      double[] w,
      int wo,
      double start,
      boolean relu,
      double[] y,
      int yo) {
    var sum = DoubleVector.broadcast(D, start);
    for (int t = 0; t < starts.length; t++) {
      var tap = DoubleVector.broadcast(D, w[wo + t]);
      sum = tap.fma(DoubleVector.fromArray(D, x, xo + starts[t]), sum);
    }
    if (relu) {
      sum = sum.max(DoubleVector.zero(D));
    }
    sum.intoArray(y, yo);
  }
}
