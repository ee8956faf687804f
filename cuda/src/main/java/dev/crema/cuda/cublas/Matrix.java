package dev.crema.cuda.cublas;

import org.jspecify.annotations.Nullable;

/**
 * A row-major matrix in device memory, or a batch of them, as cuBLAS can read it: one of its two
 * dimensions is dense.
 *
 * @param address of the first element of the first one
 * @param ld how far apart the rows are, in elements; the columns, if {@code transposed}
 * @param transposed whether the columns are dense instead of the rows
 * @param batchStride how far apart the matrices are, in elements; 0 repeats one
 */
public record Matrix(long address, int ld, boolean transposed, long batchStride) {

  /** A dense one. */
  public static Matrix dense(long address, int columns, long batchStride) {
    return new Matrix(address, Math.max(1, columns), false, batchStride);
  }

  /** The transpose, without moving anything. */
  public Matrix t() {
    return new Matrix(address, ld, !transposed, batchStride);
  }

  /** One with these strides, or null where neither dimension is dense. */
  static @Nullable Matrix of(
      long address, int rows, int columns, int rowStride, int columnStride, long batchStride) {
    if ((columnStride == 1 || columns == 1) && (rowStride >= columns || rows == 1)) {
      return new Matrix(address, rows == 1 ? columns : rowStride, false, batchStride);
    }
    if ((rowStride == 1 || rows == 1) && (columnStride >= rows || columns == 1)) {
      return new Matrix(address, columns == 1 ? rows : columnStride, true, batchStride);
    }
    return null;
  }
}
