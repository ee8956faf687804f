package dev.crema.cpu.conv.winograd;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.Scratch;
import dev.crema.cpu.conv.Epilogue;
import dev.crema.cpu.conv.Operand;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;

/**
 * y = x ⋆ w tile by tile: every input tile of every channel becomes α² numbers V, every filter
 * became U, and for each of the α² places ξ the products summed over channels are a matrix product
 * M[ξ] = U[ξ]·V[ξ], of oc × ic by ic × tiles; α² numbers of M become an output tile.
 *
 * <p>Tiles are worked on in blocks of some panels, whose V stays near in cache while blocks of U
 * pass by, and each block of M is turned into output while it is still in the L2 cache. Where
 * blocks are few, threads share one: its channels first, then its blocks of U. A tile's bits depend
 * on neither.
 */
final class Correlation {
  /** Bytes of M that stay in the L2 cache. */
  private static final int M_BYTES = 1 << 20;

  private final Geometry g;
  private final Transforms transforms;
  private final GemmKernel kernel;
  private final Moves moves;
  private final TileGrid grid;
  private final Filters filters;
  private final Phases phases;
  private final int alpha;

  /** Tiles of a block, and blocks. */
  private final int block;

  private final int blocks;

  /** Whether all threads work on the same block of tiles. */
  private final boolean shared;

  /** Output channels of a block of U, whole panels, and how many such blocks. */
  private final int rows;

  private final int rowBlocks;

  /** How far apart matrices of V and of M are. */
  private final int vPitch;

  private final int mPitch;

  Correlation(Geometry g, Transforms transforms) {
    this.g = g;
    this.transforms = transforms;
    this.kernel = GemmKernel.of(g.dtype());
    this.moves = Moves.of(g.dtype());
    this.alpha = g.alpha();
    this.grid = new TileGrid(g);
    this.filters = new Filters(g, transforms.filter());
    int elements = M_BYTES / g.dtype().bytes() / (alpha * alpha);
    int nr = kernel.nr();
    int mr = kernel.mr();
    int wanted = Math.max(1, ((int) Math.sqrt(elements) + nr / 2) / nr) * nr;
    this.block = even(grid.tiles, wanted, nr);
    this.blocks = Math.ceilDiv(grid.tiles, Math.max(1, block));
    int high = Math.max(1, elements / wanted);
    int threads = Parallel.idleThreads();
    this.shared = threads > 1 && g.groups() * blocks < 2 * threads;
    this.rows = even(g.oc(), shared ? Math.min(high, g.oc() / (2 * threads)) : high, mr);
    this.rowBlocks = Math.ceilDiv(g.oc(), rows);
    this.vPitch = Pitch.of(g.ic() * block, g.dtype());
    this.mPitch = Pitch.of(rows * block, g.dtype());
    this.phases = new Phases(g, grid, Math.max(1, block), kernel.lanes());
  }

  /** About {@code wanted} of n, in multiples of {@code unit}, so that all parts are about equal. */
  private static int even(int n, int wanted, int unit) {
    int parts = Math.max(1, Math.ceilDiv(n, Math.max(wanted, unit)));
    return Gemm.roundUp(Math.ceilDiv(n, parts), unit);
  }

  void run(Operand x, Operand w, Epilogue epilogue, Operand y) {
    if (grid.tiles == 0) {
      return;
    }
    Object u = filters.transformed(w, grid.tiles);
    if (shared) {
      Object v = Scratch.of(g.dtype(), (long) alpha * alpha * vPitch);
      for (int i = 0; i < g.groups() * blocks; i++) {
        int group = i / blocks;
        int first = i % blocks * block;
        Parallel.range(
            g.ic(),
            Math.ceilDiv(g.ic(), 4 * Parallel.idleThreads()),
            (from, to) -> input(x, group, first, from, to, v));
        Parallel.range(
            rowBlocks, 1, (from, to) -> output(u, v, group, first, from, to, epilogue, y));
      }
      Scratch.give(v);
    } else {
      Parallel.range(
          g.groups() * blocks,
          1,
          (from, to) -> {
            Object v = Scratch.of(g.dtype(), (long) alpha * alpha * vPitch);
            for (int i = from; i < to; i++) {
              int group = i / blocks;
              int first = i % blocks * block;
              input(x, group, first, 0, g.ic(), v);
              output(u, v, group, first, 0, rowBlocks, epilogue, y);
            }
            Scratch.give(v);
          });
    }
    filters.give(u);
  }

  /** V of some channels, for the block of tiles from {@code first} on. */
  private void input(Operand x, int group, int first, int fromChannel, int toChannel, Object v) {
    int nr = kernel.nr();
    int kc = kernel.kc();
    int pitch = nr + kernel.lanes();
    int stage = phases.length();
    int scratch = stage + alpha * alpha * pitch + kernel.lanes();
    Object s = Scratch.of(g.dtype(), scratch + transforms.input().scratch(nr));
    moves.zero(s, 0, scratch);
    TileRun run = phases.walk();
    int end = Math.min(first + block, grid.tiles);
    for (int c = fromChannel; c < toChannel; c++) {
      int at = x.at() + (group * g.ic() + c) * g.ih() * g.iw();
      phases.fill(run, first, end, x.array(), at, s, 0);
      int q = c / kc * kc;
      int depth = Math.min(kc, g.ic() - q);
      run.start(first);
      for (int panel = first; panel < end; panel += nr) {
        while (run.next(Math.min(panel + nr, end))) {
          phases.pick(run, s, 0, s, stage + run.tile - panel, pitch);
        }
        int to = q * block + (panel - first) * depth + (c - q) * nr;
        transforms
            .input()
            .run(s, stage, alpha * pitch, pitch, s, scratch, v, to, alpha * vPitch, vPitch, nr);
      }
    }
    Scratch.give(s);
  }

  /** The outputs of some blocks of channels, for the block of tiles from {@code first} on. */
  private void output(
      Object u, Object v, int group, int first, int from, int to, Epilogue epilogue, Operand y) {
    Object m = Scratch.of(g.dtype(), (long) alpha * alpha * mPitch);
    int tile = tileElements() + grid.columns * g.m() + 2 * kernel.lanes();
    Object s = Scratch.of(g.dtype(), tile + transforms.output().scratch(block));
    TileRun run = phases.walk();
    for (int i = from; i < to; i++) {
      int o = i * rows;
      int high = Math.min(rows, g.oc() - o);
      multiply(u, v, group, o, high, m);
      for (int j = 0; j < high; j++) {
        transforms
            .output()
            .run(m, j * block, alpha * mPitch, mPitch, s, tile, s, 0, g.m() * block, block, block);
        write(run, first, group * g.oc() + o + j, epilogue, s, y);
      }
    }
    Scratch.give(s);
    Scratch.give(m);
  }

  private void multiply(Object u, Object v, int group, int o, int high, Object m) {
    for (int xi = 0; xi < alpha * alpha; xi++) {
      for (int q = 0; q < g.ic(); q += kernel.kc()) {
        int depth = Math.min(kernel.kc(), g.ic() - q);
        int a = filters.at(group, xi, q, o);
        int b = xi * vPitch + q * block;
        kernel.multiply(u, a, v, b, high, block, depth, q > 0, m, xi * mPitch, block);
      }
    }
  }

  /** One channel of the block of tiles. */
  private void write(
      TileRun run, int first, int channel, Epilogue epilogue, Object tiles, Operand y) {
    int m = g.m();
    moves.finish(epilogue, channel, tiles, 0, m * m * block);
    int plane = g.oh() * g.ow();
    int line = tileElements();
    run.start(first);
    while (run.next(Math.min(first + block, grid.tiles))) {
      int left = grid.firstColumn(run.image) + run.column * m;
      int n = Math.min(run.length * m, g.ow() - left);
      int image = run.image / grid.strips;
      int at =
          y.at() + (image * g.groups() * g.oc() + channel) * plane + run.row * m * g.ow() + left;
      for (int i = 0; n > 0 && i < Math.min(m, g.oh() - run.row * m); i++) {
        int from = i * m * block + run.tile - first;
        moves.merge(tiles, from, block, m, y.array(), at + i * g.ow(), n, line);
      }
    }
  }

  /** Elements of a channel's tiles, with room for a vector behind them. */
  private int tileElements() {
    return g.m() * g.m() * block + kernel.lanes();
  }
}
