package dev.crema.cpu.gemm;

import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;

import jdk.incubator.vector.FloatVector;

/**
 * What {@link TileGenerator} writes, in Java that can be read, bit for bit: its specification, and
 * the kernel of a JVM that refuses generated classes. It keeps one vector of sums at a time, where
 * a generated tile keeps all of them, so it is many times slower.
 */
record FloatPlainTile(TileShape shape) implements Tile {
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
    float[] y = (float[]) c;
    for (int i = 0; i < shape.rows(); i++) {
      float start = shape.biased() ? ((float[]) bias)[biasAt + i] : 0f;
      for (int j = 0; j < shape.vectors(); j++) {
        int at = co + i * ldc + j * F_LENGTH;
        int from = bo + j * F_LENGTH;
        var sum = sum(start, (float[]) a, ao + i, (float[]) b, from, rows, rowAt, k);
        if (shape.adds()) {
          sum = sum.add(FloatVector.fromArray(F, y, at));
        }
        if (shape.relu()) {
          sum = sum.max(FloatVector.zero(F));
        }
        sum.intoArray(y, at);
      }
    }
  }

  private FloatVector sum(
      float start, float[] a, int ao, float[] b, int bo, int[] rows, int rowAt, int k) {
    var sum = FloatVector.broadcast(F, start);
    for (int p = 0; p < k; p++) {
      int row = bo + (shape.indexed() ? rows[rowAt + p] : p * shape.ldb());
      var x = FloatVector.broadcast(F, a[ao + p * shape.lda()]);
      sum = x.fma(FloatVector.fromArray(F, b, row), sum);
    }
    return sum;
  }
}
