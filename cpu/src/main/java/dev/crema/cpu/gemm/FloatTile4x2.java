package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The register tile of 4 rows by 2 vectors: of sixteen vector registers, the accumulators take
 * eight, the two b vectors two and the broadcast a one. Eight are also what two FMA units of
 * latency 4 need in flight. Written out, without a branch, and with one loop: else C2 boxes the
 * vectors.
 */
final class FloatTile4x2 {
  static final int ROWS = 4;

  private FloatTile4x2() {}

  /**
   * c[4][2 vectors] = Σ over k of a panel of a (k × 4) times a panel of b (k × 2 vectors), plus c
   * if it is to accumulate.
   */
  static void run(
      float[] pa,
      int ap,
      float[] pb,
      int bp,
      int k,
      boolean accumulate,
      float[] c,
      int co,
      int ldc) {
    var c0a = FloatVector.zero(F);
    var c0b = FloatVector.zero(F);
    var c1a = FloatVector.zero(F);
    var c1b = FloatVector.zero(F);
    var c2a = FloatVector.zero(F);
    var c2b = FloatVector.zero(F);
    var c3a = FloatVector.zero(F);
    var c3b = FloatVector.zero(F);
    for (int p = 0; p < k; p++) {
      var b0 = FloatVector.fromArray(F, pb, bp);
      var b1 = FloatVector.fromArray(F, pb, bp + F_LENGTH);
      var a0 = FloatVector.broadcast(F, pa[ap]);
      c0a = a0.fma(b0, c0a);
      c0b = a0.fma(b1, c0b);
      var a1 = FloatVector.broadcast(F, pa[ap + 1]);
      c1a = a1.fma(b0, c1a);
      c1b = a1.fma(b1, c1b);
      var a2 = FloatVector.broadcast(F, pa[ap + 2]);
      c2a = a2.fma(b0, c2a);
      c2b = a2.fma(b1, c2b);
      var a3 = FloatVector.broadcast(F, pa[ap + 3]);
      c3a = a3.fma(b0, c3a);
      c3b = a3.fma(b1, c3b);
      ap += ROWS;
      bp += 2 * F_LENGTH;
    }
    var keep = F.maskAll(accumulate);
    store(c0a, c0b, keep, c, co);
    store(c1a, c1b, keep, c, co + ldc);
    store(c2a, c2b, keep, c, co + 2 * ldc);
    store(c3a, c3b, keep, c, co + 3 * ldc);
  }

  /** What c held counts for nothing, not even NaN, where it is not to be kept. */
  private static void store(
      FloatVector left, FloatVector right, VectorMask<Float> keep, float[] c, int at) {
    left.add(FloatVector.fromArray(F, c, at), keep).intoArray(c, at);
    right.add(FloatVector.fromArray(F, c, at + F_LENGTH), keep).intoArray(c, at + F_LENGTH);
  }
}
