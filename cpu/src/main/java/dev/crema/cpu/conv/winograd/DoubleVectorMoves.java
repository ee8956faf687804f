package dev.crema.cpu.conv.winograd;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import dev.crema.tensor.DType;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;

/** {@link Moves} of f64 in whole vectors. */
final class DoubleVectorMoves {
  /** The largest m whose lines are dealt out in vectors: one holds two groups of m at least. */
  private static final int MAX_M = Math.min(6, D_LENGTH / 2);

  private static final Deal[] DEALS =
      IntStream.rangeClosed(1, MAX_M).mapToObj(m -> Deal.of(DType.F64, m)).toArray(Deal[]::new);

  private DoubleVectorMoves() {}

  /** Whether {@link #deal} has one for m. */
  static boolean deals(int m) {
    return m <= MAX_M;
  }

  static Deal deal(int m) {
    return DEALS[m - 1];
  }

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
