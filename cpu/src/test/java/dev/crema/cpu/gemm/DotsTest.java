package dev.crema.cpu.gemm;

import static dev.crema.cpu.gemm.Elements.as;
import static dev.crema.cpu.gemm.Elements.at;
import static dev.crema.cpu.gemm.Elements.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.data.Offset.offset;

import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generated tiles of dot products against their specification, and both against sums in f64. */
class DotsTest {
  private static final int LENGTH = 1024;
  private static final int LDA = 70;

  /** Where the rows of b lie, from the second element on. */
  private static final int[] ROWS = {-1, 301, 5, 64, 5, 77, 230, 2, 411};

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void everyGeneratedTileIsThePlainOneBitForBit(DType dtype) throws ReflectiveOperationException {
    assumeThat(Simd.VECTOR).as("scalar mode has no generated tiles").isTrue();
    Tiles tiles = new Tiles(dtype);
    for (int rows = 1; rows <= tiles.maxDotsRows(); rows++) {
      for (int columns = 1; columns <= tiles.dotsColumns(rows); columns++) {
        assertThat(run(dtype, tiles.lanes(), DotsGenerator.generate(dtype, rows, columns)))
            .as("%s %dx%d", dtype, rows, columns)
            .isEqualTo(run(dtype, tiles.lanes(), plain(dtype, rows, columns, tiles.lanes())));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void theLanesAddUpToTheDotProducts(DType dtype) {
    Tiles tiles = new Tiles(dtype);
    GemmKernel kernel = GemmKernel.of(dtype);
    int n = 4 * tiles.lanes();
    double[] a = random(dtype, LENGTH, 1);
    double[] b = random(dtype, LENGTH, 2);
    for (int rows = 1; rows <= 9; rows++) {
      for (int columns = 1; columns <= 8; columns++) {
        Object sums = as(dtype, new double[rows * columns * tiles.lanes()]);
        Object c = as(dtype, new double[rows * columns]);
        int[] starts = Arrays.copyOfRange(ROWS, 1, 9);
        kernel.dotRows(as(dtype, a), 3, LDA, as(dtype, b), 7, starts, rows, columns, n, sums, 0);
        kernel.addLanes(sums, 0, rows, columns, c, 0, columns);
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int p = 0; p < n; p++) {
              sum += a[3 + i * LDA + p] * b[7 + starts[j] + p];
            }
            assertThat(at(c, i * columns + j)).isCloseTo(sum, offset(1e-4));
          }
        }
      }
    }
  }

  private static Dots plain(DType dtype, int rows, int columns, int lanes) {
    return dtype == DType.F32
        ? new FloatPlainDots(rows, columns, lanes)
        : new DoublePlainDots(rows, columns, lanes);
  }

  /** The sums after the tile has added to what was there. */
  private static Object run(DType dtype, int lanes, Dots dots) {
    Object sums = as(dtype, random(dtype, LENGTH, 3));
    Object a = as(dtype, random(dtype, LENGTH, 1));
    Object b = as(dtype, random(dtype, LENGTH, 2));
    dots.run(a, 3, LDA, b, 7, ROWS, 1, 4 * lanes, sums, 5);
    return sums;
  }
}
