package dev.crema.cpu.conv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.DType;
import java.lang.reflect.Array;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Strided copies of rows, from an array that ends with the last element needed. */
class RowsTest {
  private static final int ROWS = 3;

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void copies_every_so_manyth_element(DType dtype) {
    for (int stride = 1; stride <= 5; stride++) {
      for (int n = 1; n <= 70; n++) {
        copies(dtype, stride, n);
      }
    }
  }

  private static void copies(DType dtype, int stride, int n) {
    int pitch = stride * n + 2;
    Object x = array(dtype, 1 + (ROWS - 1) * pitch + stride * (n - 1) + 1);
    for (int i = 0; i < Array.getLength(x); i++) {
      set(x, i, i + 1);
    }
    Object y = array(dtype, ROWS * (n + 1));

    Rows.of(dtype).copy(x, 1, pitch, stride, y, 0, n + 1, ROWS, n);

    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i <= n; i++) {
        double expected = i == n ? 0 : 2 + r * pitch + i * stride;
        assertThat(Array.getDouble(y, r * (n + 1) + i))
            .as("stride %s, %s elements, row %s, element %s", stride, n, r, i)
            .isEqualTo(expected);
      }
    }
  }

  private static Object array(DType dtype, int length) {
    return dtype == DType.F32 ? new float[length] : new double[length];
  }

  private static void set(Object array, int i, int value) {
    if (array instanceof float[] f) {
      f[i] = value;
    } else {
      ((double[]) array)[i] = value;
    }
  }
}
