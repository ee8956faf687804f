package dev.crema.cpu.gemm;

/**
 * A {@link Tile} without the Vector API, for any JVM: a vector is one element. Blocks of 2 rows by
 * 4 columns, whose eight sums and six operands fit sixteen registers, and what remains one by one.
 * No {@code Math.fma}, which is slow where the CPU has none.
 */
record DoubleScalarTile(TileShape shape) implements Tile {
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
    double[] x = (double[]) a;
    double[] w = (double[]) b;
    double[] y = (double[]) c;
    int paired = shape.vectors() == 4 ? shape.rows() & -2 : 0;
    for (int i = 0; i < paired; i += 2) {
      double start0 = start(bias, biasAt + i);
      double start1 = start(bias, biasAt + i + 1);
      block(start0, start1, x, ao + i, w, bo, rows, rowAt, k, y, co + i * ldc, ldc);
    }
    for (int i = paired; i < shape.rows(); i++) {
      for (int j = 0; j < shape.vectors(); j++) {
        one(start(bias, biasAt + i), x, ao + i, w, bo + j, rows, rowAt, k, y, co + i * ldc + j);
      }
    }
  }

  private double start(Object bias, int at) {
    return shape.biased() ? ((double[]) bias)[at] : 0.0;
  }

  private void block(
      double start0,
      double start1,
      double[] a,
      int ao,
      double[] b,
      int bo,
      int[] rows,
      int rowAt,
      int k,
      double[] c,
      int co,
      int ldc) {
    double c00 = start0;
    double c01 = start0;
    double c02 = start0;
    double c03 = start0;
    double c10 = start1;
    double c11 = start1;
    double c12 = start1;
    double c13 = start1;
    for (int p = 0; p < k; p++) {
      double a0 = a[ao];
      double a1 = a[ao + 1];
      int row = bo + (shape.indexed() ? rows[rowAt + p] : p * shape.ldb());
      double b0 = b[row];
      double b1 = b[row + 1];
      double b2 = b[row + 2];
      double b3 = b[row + 3];
      c00 += a0 * b0;
      c01 += a0 * b1;
      c02 += a0 * b2;
      c03 += a0 * b3;
      c10 += a1 * b0;
      c11 += a1 * b1;
      c12 += a1 * b2;
      c13 += a1 * b3;
      ao += shape.lda();
    }
    put(c00, c, co);
    put(c01, c, co + 1);
    put(c02, c, co + 2);
    put(c03, c, co + 3);
    put(c10, c, co + ldc);
    put(c11, c, co + ldc + 1);
    put(c12, c, co + ldc + 2);
    put(c13, c, co + ldc + 3);
  }

  private void one(
      double start,
      double[] a,
      int ao,
      double[] b,
      int bo,
      int[] rows,
      int rowAt,
      int k,
      double[] c,
      int co) {
    double sum = start;
    for (int p = 0; p < k; p++) {
      int row = bo + (shape.indexed() ? rows[rowAt + p] : p * shape.ldb());
      sum += a[ao + p * shape.lda()] * b[row];
    }
    put(sum, c, co);
  }

  private void put(double sum, double[] c, int at) {
    double value = shape.adds() ? c[at] + sum : sum;
    c[at] = shape.relu() ? Math.max(value, 0.0) : value;
  }
}
