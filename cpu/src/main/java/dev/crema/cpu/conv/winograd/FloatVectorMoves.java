package dev.crema.cpu.conv.winograd;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;

/** {@link Moves} of f32 in whole vectors. */
final class FloatVectorMoves {
  private FloatVectorMoves() {}

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
