package dev.crema.cpu.gemm;

import dev.crema.cpu.simd.Simd;

/**
 * What {@link DotsGenerator} writes, in Java that can be read, bit for bit: its specification, the
 * kernel of a JVM that refuses generated classes, and with one lane the one of scalar mode, where
 * there is no {@code Math.fma}, which is slow where the CPU has none.
 */
record DoublePlainDots(int rows, int columns, int lanes) implements Dots {
  @Override
  public void run(
      Object a,
      int ao,
      int lda,
      Object b,
      int bo,
      int[] starts,
      int startAt,
      int n,
      Object sums,
      int so) {
    double[] to = (double[]) sums;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int l = 0; l < lanes; l++) {
          to[so] +=
              sum((double[]) a, ao + i * lda + l, (double[]) b, bo + starts[startAt + j] + l, n);
          so++;
        }
      }
    }
  }

  private double sum(double[] a, int ao, double[] b, int bo, int n) {
    double sum = 0.0;
    for (int f = 0; f < n; f += lanes) {
      double x = a[ao + f];
      double y = b[bo + f];
      sum = Simd.VECTOR ? Math.fma(x, y, sum) : x * y + sum;
    }
    return sum;
  }
}
