package dev.crema.cpu.conv.winograd;

/**
 * One channel's pixels, dealt out so that what neighbouring tiles need lies side by side. Tile (ty,
 * tx)'s element (a, b) is pixel (m·ty + a, m·tx + b) of the padded image, so of each m lines and
 * each m columns, every one gets an array of its own, a phase: pixel (y, x) is in phase (y mod m, x
 * mod m) at (y / m, x / m). There, neighbouring tiles have neighbouring elements, which {@link
 * Moves#pick} can copy as runs. Images of a block are interleaved.
 */
final class Phases {
  private final Geometry geometry;
  private final TileGrid grid;
  private final Moves moves;

  /** Where in the phases a tile's elements are, in blocks of all and of the last images. */
  private final int[] offsets;

  private final int[] offsetsOfLast;

  /** How far apart the phases are. */
  private final int phase;

  /**
   * @param block how many tiles are worked on at a time
   * @param lanes of a vector
   */
  Phases(Geometry geometry, TileGrid grid, int block, int lanes) {
    this.geometry = geometry;
    this.grid = grid;
    this.moves = Moves.of(geometry.dtype());
    this.phase = longestPhase(block) + lanes;
    this.offsets = offsets(grid.block);
    this.offsetsOfLast =
        offsets(grid.images - (Math.ceilDiv(grid.images, grid.block) - 1) * grid.block);
  }

  private int longestPhase(int block) {
    int longest = 0;
    TileRun run = new TileRun(grid);
    for (int tile = 0; tile < grid.tiles; tile += block) {
      run.start(tile);
      while (run.next(Math.min(tile + block, grid.tiles))) {
        longest = Math.max(longest, run.base + run.blockLanes(run.row - run.firstRow + 1));
      }
    }
    return longest;
  }

  private int[] offsets(int images) {
    int alpha = geometry.alpha();
    int m = grid.m;
    int[] offsets = new int[alpha * alpha];
    for (int i = 0; i < offsets.length; i++) {
      int a = i / alpha;
      int b = i % alpha;
      int place = (a / m * (grid.columns + grid.halo) + b / m) * images;
      offsets[i] = (a % m * m + b % m) * phase + place;
    }
    return offsets;
  }

  /** Elements of all phases. */
  int length() {
    return grid.m * grid.m * phase;
  }

  /**
   * Deals out the pixels that tiles {@code first .. end} need, into phases whose padding is zero.
   *
   * @param at where the channel starts in the first image
   */
  void fill(TileRun run, int first, int end, Object x, int at, Object phases, int to) {
    int m = grid.m;
    run.start(first);
    while (run.next(end)) {
      boolean last = run.row == grid.rows - 1 || run.tile + run.length == end;
      int lines = last ? geometry.alpha() : m;
      for (int i = 0; i < run.images; i++) {
        int image = run.image + i;
        int plane = at + image / grid.strips * geometry.imageSize();
        int left = grid.firstColumn(image) - geometry.left();
        int begin = Math.max(0, left);
        int stop = Math.min(geometry.iw(), left + (grid.columns - 1) * m + geometry.alpha());
        int top = run.row * m - geometry.top();
        for (int a = Math.max(0, -top); a < Math.min(lines, geometry.ih() - top); a++) {
          int line = run.base + (run.row - run.firstRow + a / m) * run.pitch() + i;
          moves.split(
              x,
              plane + (top + a) * geometry.iw() + begin,
              stop - begin,
              begin - left,
              m,
              phases,
              to + a % m * m * phase + line,
              phase,
              run.images);
        }
      }
    }
  }

  /** Copies the elements of a run of tiles, all α² of each. */
  void pick(TileRun run, Object phases, int from, Object y, int to, int pitch) {
    int[] table = run.images == grid.block ? offsets : offsetsOfLast;
    moves.pick(phases, from + run.place(), table, run.length, y, to, pitch);
  }
}
