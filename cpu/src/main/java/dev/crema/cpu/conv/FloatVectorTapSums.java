package dev.crema.cpu.conv;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;

/** {@link TapSums} of f32 in vectors, four of them at a time in registers while the taps pass. */
final class FloatVectorTapSums {
  private FloatVectorTapSums() {}

  static void run(
      float[] x,
      int xo,
      int[] starts,
      float[] w,
      int wo,
      float start,
      boolean relu,
      float[] y,
      int yo,
      int n) {
    int i = 0;
    for (; i < n - 2 * F_LENGTH; i += 4 * F_LENGTH) {
      four(x, xo + i, starts, w, wo, start, relu, y, yo + i);
    }
    for (; i < n; i += F_LENGTH) {
      one(x, xo + i, starts, w, wo, start, relu, y, yo + i);
    }
  }

  private static void four(
      float[] x,
      int xo,
      int[] starts,
      float[] w,
      int wo,
      float start,
      boolean relu,
      float[] y,
      int yo) {
    var s0 = FloatVector.broadcast(F, start);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    for (int t = 0; t < starts.length; t++) {
      var tap = FloatVector.broadcast(F, w[wo + t]);
      int at = xo + starts[t];
      s0 = tap.fma(FloatVector.fromArray(F, x, at), s0);
      s1 = tap.fma(FloatVector.fromArray(F, x, at + F_LENGTH), s1);
      s2 = tap.fma(FloatVector.fromArray(F, x, at + 2 * F_LENGTH), s2);
      s3 = tap.fma(FloatVector.fromArray(F, x, at + 3 * F_LENGTH), s3);
    }
    if (relu) {
      var zero = FloatVector.zero(F);
      s0 = s0.max(zero);
      s1 = s1.max(zero);
      s2 = s2.max(zero);
      s3 = s3.max(zero);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + F_LENGTH);
    s2.intoArray(y, yo + 2 * F_LENGTH);
    s3.intoArray(y, yo + 3 * F_LENGTH);
  }

  private static void one(
      float[] x,
      int xo,
      int[] starts,
      float[] w,
      int wo,
      float start,
      boolean relu,
      float[] y,
      int yo) {
    var sum = FloatVector.broadcast(F, start);
    for (int t = 0; t < starts.length; t++) {
      var tap = FloatVector.broadcast(F, w[wo + t]);
      sum = tap.fma(FloatVector.fromArray(F, x, xo + starts[t]), sum);
    }
    if (relu) {
      sum = sum.max(FloatVector.zero(F));
    }
    sum.intoArray(y, yo);
  }
}
