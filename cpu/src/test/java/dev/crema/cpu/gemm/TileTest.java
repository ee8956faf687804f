package dev.crema.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.data.Offset.offset;

import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generated tiles against their specification. */
class TileTest {
  private static final int K = 7;

  /** Elements of every array, and where a tile starts in c: what lies around must not change. */
  private static final int LENGTH = 12 * 40 + 64;

  private static final int CO = 3;

  /** Where the rows of b lie for indexed tiles, from the second element on. */
  private static final int[] ROWS = {-1, 301, 5, 64, 5, 77, 230, 2};

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void everyGeneratedTileIsThePlainOneBitForBit(DType dtype) throws ReflectiveOperationException {
    assumeThat(Simd.VECTOR).as("scalar mode has no generated tiles").isTrue();
    for (TileShape shape : shapes(dtype)) {
      Tile plain = dtype == DType.F32 ? new FloatPlainTile(shape) : new DoublePlainTile(shape);
      assertThat(run(TileGenerator.generate(shape), shape))
          .as("%s", shape)
          .isEqualTo(run(plain, shape));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void everyTileIsTheSumItSays(DType dtype) {
    Tiles tiles = new Tiles(dtype);
    for (TileShape s : shapes(dtype)) {
      int columns = s.vectors() * tiles.lanes();
      Tile tile = tiles.of(s.rows(), columns, s.indexed(), s.biased(), s.adds(), s.relu());
      double[] c = toDoubles(run(tile, s));
      double[] a = toDoubles(random(dtype, 1));
      double[] b = toDoubles(random(dtype, 2));
      double[] before = toDoubles(random(dtype, 3));
      double[] bias = toDoubles(random(dtype, 4));
      double[] expected = before.clone();
      for (int i = 0; i < s.rows(); i++) {
        for (int j = 0; j < columns; j++) {
          int at = CO + i * 40 + j;
          double sum = (s.biased() ? bias[i] : 0) + (s.adds() ? before[at] : 0);
          for (int p = 0; p < K; p++) {
            sum += a[p * s.lda() + i] * b[(s.indexed() ? ROWS[1 + p] : p * s.ldb()) + j];
          }
          expected[at] = s.relu() ? Math.max(0, sum) : sum;
        }
      }
      assertThat(c).as("%s", s).containsExactly(expected, offset(1e-5));
    }
  }

  @Test
  void aTileIsGeneratedOnce() {
    Tiles tiles = new Tiles(DType.F32);
    Tile first = tiles.of(2, tiles.maxColumns(), false, false, true, false);
    assertThat(tiles.of(2, tiles.maxColumns(), false, false, true, false)).isSameAs(first);
    assertThat(tiles.of(2, tiles.maxColumns(), false, false, false, false)).isNotSameAs(first);
  }

  private static List<TileShape> shapes(DType dtype) {
    Tiles tiles = new Tiles(dtype);
    List<TileShape> shapes = new ArrayList<>();
    for (int rows = 1; rows <= tiles.maxRows(); rows++) {
      for (int vectors = 1; vectors <= tiles.maxColumns() / tiles.lanes(); vectors++) {
        for (int flags = 0; flags < 16; flags++) {
          shapes.add(
              new TileShape(
                  dtype,
                  rows,
                  vectors,
                  tiles.maxRows(),
                  (flags & 1) != 0 ? 0 : tiles.maxColumns(),
                  (flags & 2) != 0,
                  (flags & 4) != 0,
                  (flags & 8) != 0));
        }
      }
    }
    return shapes;
  }

  /** c after the tile has run. */
  private static Object run(Tile tile, TileShape shape) {
    DType dtype = shape.dtype();
    Object c = random(dtype, 3);
    Object bias = random(dtype, 4);
    tile.run(random(dtype, 1), 0, random(dtype, 2), 0, ROWS, 1, K, c, CO, 40, bias, 0);
    return c;
  }

  private static Object random(DType dtype, int seed) {
    Random random = new Random(seed);
    double[] x = random.doubles(LENGTH, -1, 1).toArray();
    if (dtype == DType.F64) {
      return x;
    }
    float[] y = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  private static double[] toDoubles(Object x) {
    if (x instanceof double[] d) {
      return d;
    }
    float[] f = (float[]) x;
    double[] d = new double[f.length];
    for (int i = 0; i < f.length; i++) {
      d[i] = f[i];
    }
    return d;
  }
}
