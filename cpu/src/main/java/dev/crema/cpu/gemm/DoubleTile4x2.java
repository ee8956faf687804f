package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/**
 * The register tile of 4 rows by 2 vectors: of sixteen vector registers, the accumulators take
 * eight, the two b vectors two and the broadcast a one. Eight are also what two FMA units of
 * latency 4 need in flight. Written out, without a branch, and with one loop: else C2 boxes the
 * vectors.
 */
final class DoubleTile4x2 {
  static final int ROWS = 4;

  private DoubleTile4x2() {}

  /**
   * c[4][2 vectors] = Σ over k of a panel of a (k × 4) times a panel of b (k × 2 vectors), plus c
   * if it is to accumulate.
   */
  static void run(
      double[] pa,
      int ap,
      double[] pb,
      int bp,
      int k,
      boolean accumulate,
      double[] c,
      int co,
      int ldc) {
    var c0a = DoubleVector.zero(D);
    var c0b = DoubleVector.zero(D);
    var c1a = DoubleVector.zero(D);
    var c1b = DoubleVector.zero(D);
    var c2a = DoubleVector.zero(D);
    var c2b = DoubleVector.zero(D);
    var c3a = DoubleVector.zero(D);
    var c3b = DoubleVector.zero(D);
    for (int p = 0; p < k; p++) {
      var b0 = DoubleVector.fromArray(D, pb, bp);
      var b1 = DoubleVector.fromArray(D, pb, bp + D_LENGTH);
      var a0 = DoubleVector.broadcast(D, pa[ap]);
      c0a = a0.fma(b0, c0a);
      c0b = a0.fma(b1, c0b);
      var a1 = DoubleVector.broadcast(D, pa[ap + 1]);
      c1a = a1.fma(b0, c1a);
      c1b = a1.fma(b1, c1b);
      var a2 = DoubleVector.broadcast(D, pa[ap + 2]);
      c2a = a2.fma(b0, c2a);
      c2b = a2.fma(b1, c2b);
      var a3 = DoubleVector.broadcast(D, pa[ap + 3]);
      c3a = a3.fma(b0, c3a);
      c3b = a3.fma(b1, c3b);
      ap += ROWS;
      bp += 2 * D_LENGTH;
    }
    var keep = D.maskAll(accumulate);
    store(c0a, c0b, keep, c, co);
    store(c1a, c1b, keep, c, co + ldc);
    store(c2a, c2b, keep, c, co + 2 * ldc);
    store(c3a, c3b, keep, c, co + 3 * ldc);
  }

  /** What c held counts for nothing, not even NaN, where it is not to be kept. */
  private static void store(
      DoubleVector left, DoubleVector right, VectorMask<Double> keep, double[] c, int at) {
    left.add(DoubleVector.fromArray(D, c, at), keep).intoArray(c, at);
    right.add(DoubleVector.fromArray(D, c, at + D_LENGTH), keep).intoArray(c, at + D_LENGTH);
  }
}
