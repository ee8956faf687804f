package dev.crema.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.cpu.Parallel;
import dev.crema.tensor.DType;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products against plain loops; the build runs this at every vector width and scalar. */
class GemmConformanceTest {
  private static final int[] SIZES = {1, 6, 13, 207};

  /** How an operand of a test lies in memory. */
  enum Order {
    ROWS,
    COLUMNS,
    GAPS
  }

  private final int threads = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void oddSizesAtAllStridesAreExact(DType dtype) {
    for (int m : SIZES) {
      for (int n : SIZES) {
        for (int k : SIZES) {
          checkExact(dtype, m, n, k);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void sizesAroundTheBlocksAreExact(DType dtype) {
    checkExact(dtype, 65, 35, 1030);
    checkExact(dtype, 125, 20, 257);
    checkExact(dtype, 3, 2070, 9);
    checkExact(dtype, 9, 1100, 5);
    checkExact(dtype, 2100, 1, 12);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void anEmptySumIsZero(DType dtype) {
    checkExact(dtype, 5, 7, 0);
    checkExact(dtype, 1, 7, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void theBitsDoNotDependOnTheThreads(DType dtype) {
    checkThreads(dtype, 207, 130, 97);
    checkThreads(dtype, 40, 301, 300);
    checkThreads(dtype, 1, 3001, 501);
    checkThreads(dtype, 2100, 1, 600);
  }

  @Test
  void nothingButTheProductIsWritten() {
    int m = 13;
    int n = 21;
    int ldc = 30;
    float[] c = new float[m * ldc + 10];
    Arrays.fill(c, 7f);
    float[] ones = new float[m * n];
    Arrays.fill(ones, 1f);
    Gemm.run(GemmKernel.of(DType.F32), m, n, 3, ones, 0, 3, 1, ones, 0, n, 1, c, 5, ldc, false);
    for (int at = 0; at < c.length; at++) {
      int row = Math.floorDiv(at - 5, ldc);
      int column = Math.floorMod(at - 5, ldc);
      boolean inside = row >= 0 && row < m && column < n;
      assertThat(c[at]).as("element %d", at).isEqualTo(inside ? 3f : 7f);
    }
  }

  /** The product of small integers, written and then added, against plain loops. */
  private static void checkExact(DType dtype, int m, int n, int k) {
    Random random = new Random(m * 31L + n * 17L + k);
    double[] x = random.ints((long) m * k, -4, 5).asDoubleStream().toArray();
    double[] w = random.ints((long) k * n, -4, 5).asDoubleStream().toArray();
    double[] once = new double[m * n];
    double[] twice = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        for (int j = 0; j < n; j++) {
          once[i * n + j] += x[i * k + p] * w[p * n + j];
        }
      }
    }
    Arrays.setAll(twice, i -> 2 * once[i]);
    for (Order a : Order.values()) {
      Operand ao = Operand.of(dtype, m, k, x, a);
      for (Order b : Order.values()) {
        Operand bo = Operand.of(dtype, k, n, w, b);
        Operand c = Operand.of(dtype, 1, m * n, nan(m * n), Order.ROWS);
        multiply(dtype, m, n, k, ao, bo, c, false);
        assertSame(c.toDoubles(), once, dtype, m, n, k, a, b);
        multiply(dtype, m, n, k, ao, bo, c, true);
        assertSame(c.toDoubles(), twice, dtype, m, n, k, a, b);
      }
    }
  }

  private void checkThreads(DType dtype, int m, int n, int k) {
    Random random = new Random(k);
    double[] x = random.doubles((long) m * k, -1, 1).toArray();
    double[] w = random.doubles((long) k * n, -1, 1).toArray();
    for (Order a : Order.values()) {
      for (Order b : Order.values()) {
        double[] one = multiply(dtype, m, n, k, x, a, w, b, 1);
        assertSame(multiply(dtype, m, n, k, x, a, w, b, 2), one, dtype, m, n, k, a, b);
        assertSame(multiply(dtype, m, n, k, x, a, w, b, 5), one, dtype, m, n, k, a, b);
      }
    }
  }

  private static double[] multiply(
      DType dtype, int m, int n, int k, double[] x, Order a, double[] w, Order b, int threads) {
    Parallel.setNumThreads(threads);
    Operand c = Operand.of(dtype, 1, m * n, nan(m * n), Order.ROWS);
    multiply(
        dtype, m, n, k, Operand.of(dtype, m, k, x, a), Operand.of(dtype, k, n, w, b), c, false);
    return c.toDoubles();
  }

  private static double[] nan(int length) {
    double[] x = new double[length];
    Arrays.fill(x, Double.NaN);
    return x;
  }

  private static void assertSame(double[] actual, double[] expected, Object... problem) {
    assertThat(Arrays.mismatch(actual, expected))
        .as("first wrong element of %s", Arrays.toString(problem))
        .isEqualTo(-1);
  }

  private static void multiply(
      DType dtype, int m, int n, int k, Operand a, Operand b, Operand c, boolean accumulate) {
    Gemm.run(
        GemmKernel.of(dtype),
        m,
        n,
        k,
        a.array(),
        a.at(),
        a.rs(),
        a.cs(),
        b.array(),
        b.at(),
        b.rs(),
        b.cs(),
        c.array(),
        c.at(),
        n,
        accumulate);
  }

  /** A matrix of a test, somewhere in an array. */
  private record Operand(Object array, int at, int rs, int cs, int rows, int columns) {
    static Operand of(DType dtype, int rows, int columns, double[] values, Order order) {
      int at = 3;
      int rs =
          switch (order) {
            case ROWS -> columns;
            case COLUMNS -> 1;
            case GAPS -> 2 * columns + 1;
          };
      int cs =
          switch (order) {
            case ROWS -> 1;
            case COLUMNS -> rows;
            case GAPS -> 2;
          };
      float[] f = new float[at + rows * rs + columns * cs];
      double[] d = new double[f.length];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          d[at + i * rs + j * cs] = values[i * columns + j];
          f[at + i * rs + j * cs] = (float) values[i * columns + j];
        }
      }
      return new Operand(dtype == DType.F32 ? f : d, at, rs, cs, rows, columns);
    }

    double[] toDoubles() {
      double[] values = new double[rows * columns];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          int index = at + i * rs + j * cs;
          values[i * columns + j] =
              array instanceof float[] f ? f[index] : ((double[]) array)[index];
        }
      }
      return values;
    }
  }
}
