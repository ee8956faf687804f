package dev.crema.cpu.gemm;

import static dev.crema.cpu.gemm.Elements.as;
import static dev.crema.cpu.gemm.Elements.at;
import static dev.crema.cpu.gemm.Elements.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.data.Offset.offset;

import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generated tiles of outer products against their specification, and both against sums in f64. */
class OuterTest {
  private static final int LINES = 3;
  private static final int POINTS = 5;
  private static final int PITCH = 7;
  private static final int K = LINES * POINTS;

  /** Where the rows of a lie, the first of them from the fourth element on. */
  private static final int[] ROWS = {-1, 1, 30, 2, 2, 77, 5, 64, 9, 41, 3, 120, 6, 88, 11, 55};

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void everyGeneratedTileIsThePlainOneBitForBit(DType dtype) throws ReflectiveOperationException {
    assumeThat(Simd.VECTOR).as("scalar mode has no generated tiles").isTrue();
    Tiles tiles = new Tiles(dtype);
    int ldb = tiles.maxColumns();
    for (int rows = 1; rows <= tiles.maxRows(); rows++) {
      for (int columns = tiles.lanes(); columns <= ldb; columns += tiles.lanes()) {
        Outer outer = OuterGenerator.generate(dtype, rows, columns / tiles.lanes(), ldb);
        assertThat(run(dtype, outer, ldb))
            .as("%s %dx%d", dtype, rows, columns)
            .isEqualTo(run(dtype, plain(dtype, rows, columns, ldb), ldb));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void aKernelsProductsAreTheirSums(DType dtype) {
    GemmKernel kernel = GemmKernel.of(dtype);
    int m = ROWS.length - 1;
    int n = kernel.nr() + kernel.lanes();
    double[] a = random(dtype, 200, 1);
    double[] b = random(dtype, n * K, 2);
    Object panels = as(dtype, new double[2 * kernel.nr() * K]);
    kernel.pack(as(dtype, b), 0, K, 1, n, K, kernel.nr(), panels, 0);
    Object c = as(dtype, new double[m * n]);
    int[] rows = new int[m];
    System.arraycopy(ROWS, 1, rows, 0, m);
    kernel.outer(as(dtype, a), 3, rows, m, LINES, POINTS, PITCH, panels, 0, n, c, 0, n);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < K; p++) {
          sum += a[3 + rows[i] + p / POINTS * PITCH + p % POINTS] * b[j * K + p];
        }
        assertThat(at(c, i * n + j)).isCloseTo(sum, offset(1e-4));
      }
    }
  }

  private static Outer plain(DType dtype, int rows, int columns, int ldb) {
    return dtype == DType.F32
        ? new FloatPlainOuter(rows, columns, ldb)
        : new DoublePlainOuter(rows, columns, ldb);
  }

  /** The sums after the tile has added to what was there. */
  private static Object run(DType dtype, Outer outer, int ldb) {
    Object c = as(dtype, random(dtype, 12 * ldb + 5, 3));
    Object a = as(dtype, random(dtype, 200, 1));
    Object b = as(dtype, random(dtype, K * ldb + 7, 2));
    outer.run(a, 3, ROWS, 1, LINES, POINTS, PITCH, b, 7, c, 5, ldb);
    return c;
  }
}
