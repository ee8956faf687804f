package dev.crema.cpu.conv.winograd;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;

/** {@link Moves} of f64 in whole vectors. */
final class DoubleVectorMoves {
  private DoubleVectorMoves() {}

  /** See {@link Moves#pick}. */
  static void pick(double[] x, int from, int[] offsets, int length, double[] y, int to, int pitch) {
    for (int done = 0; done < length; done += D_LENGTH) {
      int at = to + done;
      for (int offset : offsets) {
        DoubleVector.fromArray(D, x, from + offset + done).intoArray(y, at);
        at += pitch;
      }
    }
  }
}
