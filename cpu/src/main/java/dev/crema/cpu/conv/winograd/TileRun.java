package dev.crema.cpu.conv.winograd;

/**
 * A walk over tiles in the order of {@link TileGrid}, in runs of neighbours in a row. It also says
 * where each row lies in {@link Phases}.
 */
final class TileRun {
  private final TileGrid grid;
  private final int pitch;

  /** The first tile, and how many there are. */
  int tile;

  int length;

  /** Where that tile is: the image or strip, and its row and column there. */
  int image;

  int row;
  int column;

  /** The first row of this image that the walk visits, and where in the phases it starts. */
  private int firstRow;

  private int base;

  /**
   * @param pitch how far apart rows are in the phases
   */
  TileRun(TileGrid grid, int pitch) {
    this.grid = grid;
    this.pitch = pitch;
  }

  /** Goes to a tile; {@link #next} then makes a run of it. */
  void start(int first) {
    tile = first;
    length = 0;
    image = first / (grid.rows * grid.columns);
    row = first / grid.columns % grid.rows;
    column = first % grid.columns;
    firstRow = row;
    base = 0;
  }

  /** The next run, which ends with its row or before tile {@code end}; false if there is none. */
  boolean next(int end) {
    tile += length;
    column += length;
    length = 0;
    if (tile >= end) {
      return false;
    }
    if (column == grid.columns) {
      column = 0;
      row++;
    }
    if (row == grid.rows) {
      base += (row - firstRow + grid.halo) * pitch;
      row = 0;
      firstRow = 0;
      image++;
    }
    length = Math.min(grid.columns - column, end - tile);
    return true;
  }

  /** Where the run's first tile has its first element in its phase. */
  int place() {
    return base + (row - firstRow) * pitch + column;
  }

  /** How long a phase is up to this run's last element. */
  int reach() {
    return place() + (grid.halo + 1) * pitch;
  }
}
