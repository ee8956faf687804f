package dev.crema.cpu.pool;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;
import static dev.crema.cpu.simd.Lanes.I;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** Pools sorted planes. */
final class PoolVector {
  private PoolVector() {}

  /**
   * The first largest tap of every window and its place for window (0, 0). False, with results of
   * no use, if there may be a NaN: a tap times 0 is added up, which also takes ∞ for one.
   */
  static boolean max(Phases p) {
    int[] tapAt = p.tapAt;
    int[] tapPlace = p.tapPlace;
    int taps = p.taps;
    float[] sorted = p.sorted;
    FloatVector zero = FloatVector.zero(F);
    FloatVector witness = zero;
    for (int i = 0; i < p.windows; i += F_LENGTH) {
      FloatVector best = FloatVector.fromArray(F, sorted, tapAt[0] + i);
      IntVector place = IntVector.broadcast(I, tapPlace[0]);
      witness = best.fma(zero, witness);
      for (int t = 1; t < taps; t++) {
        FloatVector tap = FloatVector.fromArray(F, sorted, tapAt[t] + i);
        witness = tap.fma(zero, witness);
        VectorMask<Float> larger = tap.compare(GT, best);
        best = best.blend(tap, larger);
        place = place.blend(tapPlace[t], larger.cast(I));
      }
      best.intoArray(p.result, i);
      place.intoArray(p.place, i);
    }
    return !witness.test(IS_NAN).anyTrue();
  }

  /** The sum of every window's taps, over the divisor. */
  static void average(Phases p, float divisor) {
    int[] tapAt = p.tapAt;
    int taps = p.taps;
    float[] sorted = p.sorted;
    for (int i = 0; i < p.windows; i += F_LENGTH) {
      FloatVector sum = FloatVector.fromArray(F, sorted, tapAt[0] + i);
      for (int t = 1; t < taps; t++) {
        sum = sum.add(FloatVector.fromArray(F, sorted, tapAt[t] + i));
      }
      sum.div(divisor).intoArray(p.result, i);
    }
  }
}
