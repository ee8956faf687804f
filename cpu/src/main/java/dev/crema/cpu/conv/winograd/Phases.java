package dev.crema.cpu.conv.winograd;

/**
 * One channel's pixels, dealt out so that what neighbouring tiles need lies side by side. Tile (ty,
 * tx)'s element (a, b) is pixel (m·ty + a, m·tx + b) of the padded image, so of each m lines and
 * each m columns, every one gets an array of its own, a phase: pixel (y, x) is in phase (y mod m, x
 * mod m) at (y / m, x / m). There, neighbouring tiles have neighbouring elements, which {@link
 * Moves#pick} can copy as runs.
 */
final class Phases {
  private final Geometry geometry;
  private final TileGrid grid;
  private final Moves moves;

  /** Where in the phases a tile's elements are. */
  private final int[] offsets;

  /** How far apart the phases are. */
  private final int phase;

  /** Elements of a line, as {@link Moves#split} wants it. */
  private final int line;

  /** How far apart lines of a phase are: with room for what a split writes beyond. */
  private final int pitch;

  /**
   * @param block how many tiles are worked on at a time
   * @param lanes of a vector
   */
  Phases(Geometry geometry, TileGrid grid, int block, int lanes) {
    this.geometry = geometry;
    this.grid = grid;
    this.moves = Moves.of(geometry.dtype());
    this.pitch = grid.columns + grid.halo + lanes / grid.m;
    this.line = (grid.columns + grid.halo) * grid.m + 2 * lanes;
    this.phase = longestPhase(block) + lanes;
    this.offsets = offsets();
  }

  private int longestPhase(int block) {
    int longest = 0;
    TileRun run = walk();
    for (int tile = 0; tile < grid.tiles; tile += block) {
      run.start(tile);
      while (run.next(Math.min(tile + block, grid.tiles))) {
        longest = Math.max(longest, run.reach());
      }
    }
    return longest;
  }

  private int[] offsets() {
    int alpha = geometry.alpha();
    int m = grid.m;
    int[] offsets = new int[alpha * alpha];
    for (int i = 0; i < offsets.length; i++) {
      int a = i / alpha;
      int b = i % alpha;
      int place = a / m * pitch + b / m;
      offsets[i] = (a % m * m + b % m) * phase + place;
    }
    return offsets;
  }

  /** A walk over tiles that are to be dealt out here. */
  TileRun walk() {
    return new TileRun(grid, pitch);
  }

  /** Elements of all phases, and of a line behind them. */
  int length() {
    return grid.m * grid.m * phase + line;
  }

  /**
   * Deals out the pixels that tiles {@code first .. end} need, into phases whose lines of padding
   * are zero. A run needs m lines and r − 1 more, but those only where the row below, whose own
   * lines they are, has no tiles to come.
   *
   * @param at where the channel starts in the first image
   */
  void fill(TileRun run, int first, int end, Object x, int at, Object phases, int to) {
    int m = grid.m;
    run.start(first);
    while (run.next(end)) {
      lines(run, 0, m, 0, x, at, phases, to);
      int after = end - run.tile - run.length;
      int below = run.row == grid.rows - 1 ? 0 : Math.min(after, grid.columns);
      if (below < run.column + run.length) {
        lines(run, m, geometry.alpha(), Math.max(0, below - run.column), x, at, phases, to);
      }
    }
  }

  /** Lines {@code from .. to} of a run, without those for its first {@code skip} tiles. */
  private void lines(
      TileRun run, int from, int to, int skip, Object x, int at, Object phases, int phasesAt) {
    int m = grid.m;
    int top = run.row * m - geometry.top();
    int left = grid.firstColumn(run.image) + (run.column + skip) * m - geometry.left();
    int columns = run.length - skip + grid.halo;
    int begin = Math.max(0, left);
    int n = geometry.iw() - begin;
    int plane = at + run.image / grid.strips * geometry.imageSize();
    for (int a = Math.max(from, -top); a < Math.min(to, geometry.ih() - top); a++) {
      int in = plane + (top + a) * geometry.iw() + begin;
      int out = phasesAt + a % m * m * phase + a / m * pitch + run.place() + skip;
      moves.split(x, in, n, begin - left, columns, m, phases, out, phase, phasesAt + m * m * phase);
    }
  }

  /** Copies the elements of a run of tiles, all α² of each. */
  void pick(TileRun run, Object phases, int from, Object y, int to, int pitch) {
    moves.pick(phases, from + run.place(), offsets, run.length, y, to, pitch);
  }
}
