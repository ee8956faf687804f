package dev.crema.cpu.conv.winograd;

import dev.crema.tensor.DType;

/**
 * Y = matrix·X·matrixᵀ for tiles X, p × p, whose elements are runs of lanes, one lane to a tile:
 * first all columns of X, into scratch, then all rows of that.
 */
final class TileTransform {
  private final LinearMap map;
  private final int lanes;

  /** Elements along an edge of X and of Y. */
  private final int p;

  private final int q;

  TileTransform(Matrix matrix, DType dtype, int lanes) {
    this.map = LinearMapGenerator.map(matrix, dtype, lanes);
    this.lanes = lanes;
    this.p = matrix.columns();
    this.q = matrix.rows();
  }

  /** Elements of scratch for runs of so many lanes. */
  int scratch(int width) {
    return p * q * width;
  }

  /**
   * Transforms {@code width} tiles, a multiple of a vector's lanes. Element (i, j) of X is the run
   * at {@code xo + i·xRow + j·xColumn}, of Y alike.
   */
  void run(
      Object x,
      int xo,
      int xRow,
      int xColumn,
      Object scratch,
      int so,
      Object y,
      int yo,
      int yRow,
      int yColumn,
      int width) {
    int vectors = width / lanes;
    int row = p * width;
    map.run(x, xo, xRow, lanes, xColumn, scratch, so, row, lanes, width, vectors, p);
    map.run(scratch, so, width, lanes, row, y, yo, yColumn, lanes, yRow, vectors, q);
  }
}
