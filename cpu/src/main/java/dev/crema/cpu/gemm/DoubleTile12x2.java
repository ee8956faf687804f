package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/**
 * The register tile of 12 rows by 2 vectors: of thirty-two vector registers, the accumulators take
 * twenty-four, the two b vectors two and the broadcast a one. Written out, without a branch, and
 * with one loop: else C2 boxes the vectors.
 */
final class DoubleTile12x2 {
  static final int ROWS = 12;

  private DoubleTile12x2() {}

  /**
   * c[12][2 vectors] = Σ over k of a panel of a (k × 12) times a panel of b (k × 2 vectors), plus c
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
    var c4a = DoubleVector.zero(D);
    var c4b = DoubleVector.zero(D);
    var c5a = DoubleVector.zero(D);
    var c5b = DoubleVector.zero(D);
    var c6a = DoubleVector.zero(D);
    var c6b = DoubleVector.zero(D);
    var c7a = DoubleVector.zero(D);
    var c7b = DoubleVector.zero(D);
    var c8a = DoubleVector.zero(D);
    var c8b = DoubleVector.zero(D);
    var c9a = DoubleVector.zero(D);
    var c9b = DoubleVector.zero(D);
    var c10a = DoubleVector.zero(D);
    var c10b = DoubleVector.zero(D);
    var c11a = DoubleVector.zero(D);
    var c11b = DoubleVector.zero(D);
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
      var a4 = DoubleVector.broadcast(D, pa[ap + 4]);
      c4a = a4.fma(b0, c4a);
      c4b = a4.fma(b1, c4b);
      var a5 = DoubleVector.broadcast(D, pa[ap + 5]);
      c5a = a5.fma(b0, c5a);
      c5b = a5.fma(b1, c5b);
      var a6 = DoubleVector.broadcast(D, pa[ap + 6]);
      c6a = a6.fma(b0, c6a);
      c6b = a6.fma(b1, c6b);
      var a7 = DoubleVector.broadcast(D, pa[ap + 7]);
      c7a = a7.fma(b0, c7a);
      c7b = a7.fma(b1, c7b);
      var a8 = DoubleVector.broadcast(D, pa[ap + 8]);
      c8a = a8.fma(b0, c8a);
      c8b = a8.fma(b1, c8b);
      var a9 = DoubleVector.broadcast(D, pa[ap + 9]);
      c9a = a9.fma(b0, c9a);
      c9b = a9.fma(b1, c9b);
      var a10 = DoubleVector.broadcast(D, pa[ap + 10]);
      c10a = a10.fma(b0, c10a);
      c10b = a10.fma(b1, c10b);
      var a11 = DoubleVector.broadcast(D, pa[ap + 11]);
      c11a = a11.fma(b0, c11a);
      c11b = a11.fma(b1, c11b);
      ap += ROWS;
      bp += 2 * D_LENGTH;
    }
    var keep = D.maskAll(accumulate);
    store(c0a, c0b, keep, c, co);
    store(c1a, c1b, keep, c, co + ldc);
    store(c2a, c2b, keep, c, co + 2 * ldc);
    store(c3a, c3b, keep, c, co + 3 * ldc);
    store(c4a, c4b, keep, c, co + 4 * ldc);
    store(c5a, c5b, keep, c, co + 5 * ldc);
    store(c6a, c6b, keep, c, co + 6 * ldc);
    store(c7a, c7b, keep, c, co + 7 * ldc);
    store(c8a, c8b, keep, c, co + 8 * ldc);
    store(c9a, c9b, keep, c, co + 9 * ldc);
    store(c10a, c10b, keep, c, co + 10 * ldc);
    store(c11a, c11b, keep, c, co + 11 * ldc);
  }

  /** What c held counts for nothing, not even NaN, where it is not to be kept. */
  private static void store(
      DoubleVector left, DoubleVector right, VectorMask<Double> keep, double[] c, int at) {
    left.add(DoubleVector.fromArray(D, c, at), keep).intoArray(c, at);
    right.add(DoubleVector.fromArray(D, c, at + D_LENGTH), keep).intoArray(c, at + D_LENGTH);
  }
}
