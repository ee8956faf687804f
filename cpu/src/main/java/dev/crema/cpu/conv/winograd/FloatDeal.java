package dev.crema.cpu.conv.winograd;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** {@link Deal} of f32: the template whose copies have an M each. */
final class FloatDeal implements Deal {
  private static final int M = m();

  /** Groups of M elements in a vector, and the lanes of so many elements. */
  private static final int GROUPS = F_LENGTH / M;

  private static final VectorMask<Float> FRONT = F.indexInRange(0, GROUPS);

  /** Bring each group's element 0, 1, ... to the front. */
  private static final VectorShuffle<Float> GATHER0 = gather(0);

  private static final VectorShuffle<Float> GATHER1 = gather(1);
  private static final VectorShuffle<Float> GATHER2 = gather(2);
  private static final VectorShuffle<Float> GATHER3 = gather(3);
  private static final VectorShuffle<Float> GATHER4 = gather(4);
  private static final VectorShuffle<Float> GATHER5 = gather(5);

  /** Brings the elements in front to their groups, where only some lanes are theirs. */
  private static final VectorShuffle<Float> SCATTER = F.shuffleFromOp(lane -> lane / M);

  private static final VectorMask<Float> PLACES1 = places(1);
  private static final VectorMask<Float> PLACES2 = places(2);
  private static final VectorMask<Float> PLACES3 = places(3);
  private static final VectorMask<Float> PLACES4 = places(4);
  private static final VectorMask<Float> PLACES5 = places(5);

  FloatDeal() {}

  private static int m() {
    try {
      return MethodHandles.classData(MethodHandles.lookup(), "_", Integer.class);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static VectorShuffle<Float> gather(int i) {
    return F.shuffleFromOp(lane -> lane < GROUPS && i < M ? lane * M + i : 0);
  }

  private static VectorMask<Float> places(int i) {
    boolean[] lanes = new boolean[F_LENGTH];
    for (int lane = i; lane < F_LENGTH && i < M; lane += M) {
      lanes[lane] = true;
    }
    return VectorMask.fromArray(F, lanes, 0);
  }

  @Override
  public void split(
      Object x, int xo, int n, int before, int columns, Object y, int to, int phase, int line) {
    float[] phases = (float[]) y;
    int length = Math.ceilDiv(columns, GROUPS) * GROUPS * M;
    for (int i = line; i < line + length; i += F_LENGTH) {
      FloatVector.zero(F).intoArray(phases, i);
    }
    int inside = Math.min(n, length - before);
    if (inside > 0) {
      System.arraycopy(x, xo, y, line + before, inside);
    }
    // One loop, written out: a method that takes or returns a vector may box it.
    for (int t = 0; t < columns; t += GROUPS) {
      var v = FloatVector.fromArray(F, phases, line + t * M);
      int at = to + t;
      v.rearrange(GATHER0).intoArray(phases, at, FRONT);
      if (M > 1) {
        v.rearrange(GATHER1).intoArray(phases, at + phase, FRONT);
      }
      if (M > 2) {
        v.rearrange(GATHER2).intoArray(phases, at + 2 * phase, FRONT);
      }
      if (M > 3) {
        v.rearrange(GATHER3).intoArray(phases, at + 3 * phase, FRONT);
      }
      if (M > 4) {
        v.rearrange(GATHER4).intoArray(phases, at + 4 * phase, FRONT);
      }
      if (M > 5) {
        v.rearrange(GATHER5).intoArray(phases, at + 5 * phase, FRONT);
      }
    }
  }

  @Override
  public void merge(Object x, int from, int phase, Object y, int yo, int n, int line) {
    float[] phases = (float[]) x;
    for (int t = 0; t * M < n; t += GROUPS) {
      int at = from + t;
      var v = FloatVector.fromArray(F, phases, at).rearrange(SCATTER);
      if (M > 1) {
        v = v.blend(FloatVector.fromArray(F, phases, at + phase).rearrange(SCATTER), PLACES1);
      }
      if (M > 2) {
        v = v.blend(FloatVector.fromArray(F, phases, at + 2 * phase).rearrange(SCATTER), PLACES2);
      }
      if (M > 3) {
        v = v.blend(FloatVector.fromArray(F, phases, at + 3 * phase).rearrange(SCATTER), PLACES3);
      }
      if (M > 4) {
        v = v.blend(FloatVector.fromArray(F, phases, at + 4 * phase).rearrange(SCATTER), PLACES4);
      }
      if (M > 5) {
        v = v.blend(FloatVector.fromArray(F, phases, at + 5 * phase).rearrange(SCATTER), PLACES5);
      }
      v.intoArray(phases, line + t * M);
    }
    System.arraycopy(x, line, y, yo, n);
  }
}
