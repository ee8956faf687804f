package dev.crema.cpu.conv.winograd;

/**
 * How a batch of result planes is cut into tiles of m × m, and their order: image by image, row by
 * row. Wide images are cut into strips, and each strip counts as an image.
 */
final class TileGrid {
  /** Tile columns of a strip, at most. */
  private static final int WIDE = 64;

  final int m;

  /** How many tiles further than the first a tile's inputs reach: ⌊(α − 1) / m⌋. */
  final int halo;

  /** Tile rows of an image and tile columns of a strip. */
  final int rows;

  final int columns;

  /** Strips of an image; images or strips in all. */
  final int strips;

  final int images;

  /** Tiles in all. */
  final int tiles;

  TileGrid(Geometry g) {
    this.m = g.m();
    this.halo = (g.alpha() - 1) / m;
    this.rows = Math.ceilDiv(g.oh(), m);
    int across = Math.max(1, Math.ceilDiv(g.ow(), m));
    this.columns = Math.ceilDiv(across, Math.ceilDiv(across, WIDE));
    this.strips = Math.ceilDiv(across, columns);
    this.images = g.n() * strips;
    this.tiles = Math.multiplyExact(images, rows * columns);
  }

  /** The first column of the result that a strip covers. */
  int firstColumn(int strip) {
    return strip % strips * columns * m;
  }
}
