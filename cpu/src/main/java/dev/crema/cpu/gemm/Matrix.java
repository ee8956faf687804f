package dev.crema.cpu.gemm;

/**
 * A matrix in an array, at any strides.
 *
 * @param array {@code float[]} or {@code double[]}
 * @param at the index of its first element
 * @param rs how far apart its rows are; {@code cs} its columns
 */
public record Matrix(Object array, int at, int rows, int columns, int rs, int cs) {
  /** A matrix whose elements lie side by side, row by row. */
  public static Matrix dense(Object array, int at, int rows, int columns) {
    return new Matrix(array, at, rows, columns, columns, 1);
  }

  /** The same elements with rows for columns. */
  public Matrix transposed() {
    return new Matrix(array, at, columns, rows, cs, rs);
  }

  /** Some rows and columns of it. */
  Matrix block(int row, int column, int height, int width) {
    return new Matrix(array, at(row, column), height, width, rs, cs);
  }

  /** Where an element is in the array. */
  int at(int row, int column) {
    return at + row * rs + column * cs;
  }
}
