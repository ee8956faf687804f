package dev.crema.cpu.pool;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;
import static dev.crema.cpu.simd.Lanes.I;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Pools sorted planes. */
final class PoolVector {
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(F, lane -> 2 * lane % F_LENGTH);
  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(F, lane -> (2 * lane + 1) % F_LENGTH);
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(F, -1L << (F_LENGTH / 2));

  private PoolVector() {}

  /** Even and odd elements of 2n, and of some more. */
  static void split(float[] x, int from, float[] y, int even, int odd, int n) {
    for (int i = 0; i < n; i += F_LENGTH) {
      FloatVector a = FloatVector.fromArray(F, x, from + 2 * i);
      FloatVector b = FloatVector.fromArray(F, x, from + 2 * i + F_LENGTH);
      a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER).intoArray(y, even + i);
      a.rearrange(ODD).blend(b.rearrange(ODD), UPPER).intoArray(y, odd + i);
    }
  }

  /**
   * The first largest tap of every window and its place. False, with results of no use, if there
   * may be a NaN: a tap times 0 is added up, which also takes ∞ for one.
   */
  static boolean max(SortedPlane plane) {
    Phases p = plane.phases;
    int[] tapAt = p.tapAt;
    int[] tapPlace = p.tapPlace;
    int taps = p.taps;
    float[] sorted = plane.sorted;
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
      best.intoArray(plane.result, i);
      place.add(IntVector.fromArray(I, p.moved, i)).intoArray(plane.place, i);
    }
    return !witness.test(IS_NAN).anyTrue();
  }

  /** The sum of every window's taps, over the divisor. */
  static void average(SortedPlane plane, float divisor) {
    Phases p = plane.phases;
    int[] tapAt = p.tapAt;
    int taps = p.taps;
    float[] sorted = plane.sorted;
    for (int i = 0; i < p.windows; i += F_LENGTH) {
      FloatVector sum = FloatVector.fromArray(F, sorted, tapAt[0] + i);
      for (int t = 1; t < taps; t++) {
        sum = sum.add(FloatVector.fromArray(F, sorted, tapAt[t] + i));
      }
      sum.div(divisor).intoArray(plane.result, i);
    }
  }
}
