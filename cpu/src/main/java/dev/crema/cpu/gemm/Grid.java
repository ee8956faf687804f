package dev.crema.cpu.gemm;

/**
 * How a product's result is cut for the threads: cells of {@code rows} x {@code columns} elements,
 * {@code across} of them side by side.
 */
record Grid(int rows, int columns, int across, int cells) {

  /**
   * About {@code wanted} cells of whole tiles, shaped so that packing is least: a is packed once
   * per column of cells, b once per row of cells.
   */
  static Grid cut(int m, int n, GemmKernel kernel, int wanted) {
    int tilesDown = Math.ceilDiv(m, kernel.mr());
    int tilesAcross = Math.ceilDiv(n, kernel.nr());
    int down = 1;
    long least = Long.MAX_VALUE;
    for (int d = 1; d <= wanted && d <= tilesDown; d++) {
      int across = Math.min(tilesAcross, Math.ceilDiv(wanted, d));
      // Too few cells are worse than any packing.
      long missing = Math.max(0, wanted - (long) d * across);
      long cost = missing * m * n + (long) across * m + (long) d * n;
      if (cost < least) {
        least = cost;
        down = d;
      }
    }
    int across = Math.min(tilesAcross, Math.ceilDiv(wanted, down));
    int rows = Math.ceilDiv(tilesDown, down) * kernel.mr();
    int columns = Math.ceilDiv(tilesAcross, across) * kernel.nr();
    int cellsAcross = Math.ceilDiv(n, columns);
    return new Grid(rows, columns, cellsAcross, cellsAcross * Math.ceilDiv(m, rows));
  }

  /** The first row of a cell. */
  int row(int cell) {
    return cell / across * rows;
  }

  /** The first column of a cell. */
  int column(int cell) {
    return cell % across * columns;
  }
}
