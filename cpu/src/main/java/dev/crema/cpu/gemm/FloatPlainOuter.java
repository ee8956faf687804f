package dev.crema.cpu.gemm;

import dev.crema.cpu.simd.Simd;

/**
 * What {@link OuterGenerator} writes, in Java that can be read, bit for bit: its specification, the
 * kernel of a JVM that refuses generated classes, and of scalar mode, where there is no {@code
 * Math.fma}, which is slow where the CPU has none.
 *
 * @param rows of c
 * @param columns of c
 * @param ldb how far apart b's rows are
 */
record FloatPlainOuter(int rows, int columns, int ldb) implements Outer {
  @Override
  public void run(
      Object a,
      int ao,
      int[] starts,
      int startAt,
      int lines,
      int n,
      int pitch,
      Object b,
      int bo,
      Object c,
      int co,
      int ldc) {
    float[] to = (float[]) c;
    for (int i = 0; i < rows; i++) {
      int row = ao + starts[startAt + i];
      for (int j = 0; j < columns; j++) {
        to[co + i * ldc + j] += sum((float[]) a, row, lines, n, pitch, (float[]) b, bo + j);
      }
    }
  }

  private float sum(float[] a, int row, int lines, int n, int pitch, float[] b, int bo) {
    float sum = 0f;
    for (int line = 0; line < lines; line++) {
      for (int p = 0; p < n; p++) {
        float x = a[row + line * pitch + p];
        float y = b[bo + (line * n + p) * ldb];
        sum = Simd.VECTOR ? Math.fma(x, y, sum) : x * y + sum;
      }
    }
    return sum;
  }
}
