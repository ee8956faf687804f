package dev.crema.cpu.conv.winograd;

/**
 * How a batch of result planes is cut into tiles of m × m, and the order in which tiles become the
 * columns of matrices.
 *
 * <p>Columns are worked on in vectors, so tiles that are neighbours in this order should read
 * neighbouring elements: the order is (image block, tile row, tile column, image of the block).
 * Narrow images come several to a block, so that a row of tiles is at least about a vector long;
 * wide ones are cut into strips, and each strip counts as an image.
 */
final class TileGrid {
  /** Tile columns of a strip, at most, about. */
  private static final int WIDE = 64;

  final int m;

  /** How many tiles further than the first a tile's inputs reach: ⌊(α − 1) / m⌋. */
  final int halo;

  /** The result's height and width. */
  final int oh;

  final int ow;

  /** Tile rows of an image and tile columns of a strip. */
  final int rows;

  final int columns;

  /** Strips of an image; images or strips in all, and to a block. */
  final int strips;

  final int images;
  final int block;

  /** Tiles in all. */
  final int tiles;

  /**
   * @param run how many neighbouring tiles are enough
   */
  TileGrid(int m, int r, int n, int oh, int ow, int run) {
    this.m = m;
    this.halo = (m + r - 2) / m;
    this.oh = oh;
    this.ow = ow;
    this.rows = Math.ceilDiv(oh, m);
    int across = Math.max(1, Math.ceilDiv(ow, m));
    this.columns = Math.ceilDiv(across, Math.ceilDiv(across, WIDE));
    this.strips = Math.ceilDiv(across, columns);
    this.images = n * strips;
    this.block = strips > 1 ? 1 : Math.clamp(Math.ceilDiv(run, columns), 1, Math.max(1, n));
    this.tiles = Math.multiplyExact(images, rows * columns);
  }

  /** The first column of the result that a strip, or the image of this number, covers. */
  int firstColumn(int image) {
    return image % strips * columns * m;
  }
}
