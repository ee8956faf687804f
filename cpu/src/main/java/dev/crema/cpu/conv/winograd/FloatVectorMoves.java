package dev.crema.cpu.conv.winograd;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import dev.crema.tensor.DType;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;

/** {@link Moves} of f32 in whole vectors. */
final class FloatVectorMoves {
  /** The largest m whose lines are dealt out in vectors: one holds two groups of m at least. */
  private static final int MAX_M = Math.min(6, F_LENGTH / 2);

  private static final Deal[] DEALS =
      IntStream.rangeClosed(1, MAX_M).mapToObj(m -> Deal.of(DType.F32, m)).toArray(Deal[]::new);

  private FloatVectorMoves() {}

  /** Whether {@link #deal} has one for m. */
  static boolean deals(int m) {
    return m <= MAX_M;
  }

  static Deal deal(int m) {
    return DEALS[m - 1];
  }

  /** See {@link Moves#pick}. */
  static void pick(float[] x, int from, int[] offsets, int length, float[] y, int to, int pitch) {
    for (int done = 0; done < length; done += F_LENGTH) {
      int at = to + done;
      for (int offset : offsets) {
        FloatVector.fromArray(F, x, from + offset + done).intoArray(y, at);
        at += pitch;
      }
    }
  }
}
