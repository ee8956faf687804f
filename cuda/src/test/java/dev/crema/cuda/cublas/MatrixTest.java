package dev.crema.cuda.cublas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which strides cuBLAS reads in place. */
class MatrixTest {
  @Test
  void rows_or_columns_may_be_dense() {
    assertThat(Matrix.of(8, 2, 3, 3, 1, 6)).isEqualTo(new Matrix(8, 3, false, 6));
    assertThat(Matrix.of(8, 2, 3, 10, 1, 20)).isEqualTo(new Matrix(8, 10, false, 20));
    assertThat(Matrix.of(8, 2, 3, 1, 2, 6)).isEqualTo(new Matrix(8, 2, true, 6));
    assertThat(Matrix.of(8, 2, 3, 1, 7, 6)).isEqualTo(new Matrix(8, 7, true, 6));
  }

  @Test
  void dimensions_of_one_may_have_any_stride() {
    assertThat(Matrix.of(8, 1, 3, 0, 1, 0)).isEqualTo(new Matrix(8, 3, false, 0));
    assertThat(Matrix.of(8, 3, 1, 5, 99, 0)).isEqualTo(new Matrix(8, 5, false, 0));
    assertThat(Matrix.of(8, 1, 3, 7, 5, 0)).isEqualTo(new Matrix(8, 5, true, 0));
    assertThat(Matrix.of(8, 1, 1, 0, 0, 0)).isEqualTo(new Matrix(8, 1, false, 0));
  }

  @Test
  void repeated_and_scattered_elements_need_a_copy() {
    assertThat(Matrix.of(8, 2, 3, 0, 1, 0)).isNull();
    assertThat(Matrix.of(8, 2, 3, 1, 0, 0)).isNull();
    assertThat(Matrix.of(8, 2, 3, 6, 2, 0)).isNull();
    assertThat(Matrix.of(8, 2, 3, 2, 1, 0)).isNull();
    assertThat(Matrix.of(8, 3, 1, 0, 1, 0)).isNull();
  }
}
