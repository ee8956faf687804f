package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;

/**
 * What {@link TileGenerator} writes, in Java that can be read, bit for bit: its specification, and
 * the kernel of a JVM that refuses generated classes. It keeps one vector of sums at a time, where
 * a generated tile keeps all of them, so it is many times slower.
 */
record DoublePlainTile(TileShape shape) implements Tile {
  @Override
  public void run(
      Object a,
      int ao,
      Object b,
      int bo,
      int[] rows,
      int rowAt,
      int k,
      Object c,
      int co,
      int ldc,
      Object bias,
      int biasAt) {
    double[] y = (double[]) c;
    for (int i = 0; i < shape.rows(); i++) {
      double start = shape.biased() ? ((double[]) bias)[biasAt + i] : 0.0;
      for (int j = 0; j < shape.vectors(); j++) {
        int at = co + i * ldc + j * D_LENGTH;
        int from = bo + j * D_LENGTH;
        var sum = sum(start, (double[]) a, ao + i, (double[]) b, from, rows, rowAt, k);
        if (shape.adds()) {
          sum = sum.add(DoubleVector.fromArray(D, y, at));
        }
        if (shape.relu()) {
          sum = sum.max(DoubleVector.zero(D));
        }
        sum.intoArray(y, at);
      }
    }
  }

  private DoubleVector sum(
      double start, double[] a, int ao, double[] b, int bo, int[] rows, int rowAt, int k) {
    var sum = DoubleVector.broadcast(D, start);
    for (int p = 0; p < k; p++) {
      int row = bo + (shape.indexed() ? rows[rowAt + p] : p * shape.ldb());
      var x = DoubleVector.broadcast(D, a[ao + p * shape.lda()]);
      sum = x.fma(DoubleVector.fromArray(D, b, row), sum);
    }
    return sum;
  }
}
