package dev.crema.cpu.conv.winograd;

/**
 * A walk over tiles in the order of {@link TileGrid}, in runs that lie in one row of one image
 * block. It also says where each row lies in {@link Phases}.
 */
final class TileRun {
  private final TileGrid grid;

  /** The first tile, and how many there are. */
  int tile;

  int length;

  /** The block's first image, and how many images it has. */
  int image;

  int images;

  /** The row, and the first tile's place in it: tile column times images plus image. */
  int row;

  int lane;

  /** The first row of this block that the walk visits, and where in the phases it starts. */
  int firstRow;

  int base;

  TileRun(TileGrid grid) {
    this.grid = grid;
  }

  /** Goes to a tile; {@link #next} then makes a run of it. */
  void start(int first) {
    int perBlock = grid.rows * grid.columns * grid.block;
    tile = first;
    length = 0;
    image = first / perBlock * grid.block;
    images = Math.min(grid.block, grid.images - image);
    int inBlock = first % perBlock;
    row = inBlock / rowLength();
    lane = inBlock % rowLength();
    firstRow = row;
    base = 0;
  }

  /** The next run, which ends with its row or before tile {@code end}; false if there is none. */
  boolean next(int end) {
    tile += length;
    lane += length;
    if (tile >= end) {
      length = 0;
      return false;
    }
    if (lane == rowLength()) {
      lane = 0;
      row++;
    }
    if (row == grid.rows) {
      base += blockLanes(row - firstRow);
      row = 0;
      firstRow = 0;
      image += images;
      images = Math.min(grid.block, grid.images - image);
    }
    length = Math.min(rowLength() - lane, end - tile);
    return true;
  }

  /** Tiles in a row. */
  int rowLength() {
    return grid.columns * images;
  }

  /** How far apart rows are in the phases. */
  int pitch() {
    return (grid.columns + grid.halo) * images;
  }

  /** Where the run's first tile has its first element in its phase. */
  int place() {
    return base + (row - firstRow) * pitch() + lane;
  }

  /** The length of a phase of so many tile rows. */
  int blockLanes(int tileRows) {
    return (tileRows + grid.halo) * pitch();
  }
}
