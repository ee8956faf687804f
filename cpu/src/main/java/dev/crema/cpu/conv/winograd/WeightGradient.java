package dev.crema.cpu.conv.winograd;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.Scratch;
import dev.crema.cpu.conv.Operand;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;

/**
 * gw by tiles: input tiles become V as in {@link Correlation}, tiles of gy become E, and at each of
 * the α² places ξ the products summed over tiles are a matrix product M[ξ] += E[ξ]·V[ξ], of oc ×
 * tiles by tiles × ic. At the end every α² numbers of M become a filter's gradient.
 *
 * <p>Some hundred tiles are worked on at a time: first all threads transform, then they multiply,
 * each its own part of M. So each element of M adds up its tiles in their order, for any number of
 * threads. Here lanes are channels, since products now run along tiles: packed panels of E and V
 * hold a few channels of each tile.
 */
final class WeightGradient {
  /** Tiles transformed together: a multiple of every vector's lanes. */
  private static final int GROUP = 16;

  private final Geometry g;
  private final Transforms transforms;
  private final GemmKernel kernel;
  private final Moves moves;
  private final int alpha;
  private final int places;

  /** Tiles across and in an image; tiles in all; and tiles at a time, whole groups. */
  private final int across;

  private final int perImage;
  private final int tiles;
  private final int depth;

  /** Panels of E and of V. */
  private final int ePanels;

  private final int vPanels;

  /** How far apart the matrices are, and M's rows. */
  private final int ePitch;

  private final int vPitch;
  private final int mPitch;
  private final int ldm;

  /** Pixels of a line that a group of tiles in a row spans. */
  private final int span;

  WeightGradient(Geometry g, Transforms transforms) {
    this.g = g;
    this.transforms = transforms;
    this.kernel = GemmKernel.of(g.dtype());
    this.moves = Moves.of(g.dtype());
    this.alpha = g.alpha();
    this.places = alpha * alpha;
    this.across = Math.ceilDiv(g.ow(), g.m());
    this.perImage = Math.ceilDiv(g.oh(), g.m()) * across;
    this.tiles = Math.multiplyExact(g.n(), perImage);
    this.depth = Math.min(Gemm.roundUp(kernel.kc(), GROUP), Gemm.roundUp(tiles, GROUP));
    this.ePanels = Math.ceilDiv(g.oc(), kernel.mr());
    this.vPanels = Math.ceilDiv(g.ic(), kernel.nr());
    this.ePitch = Pitch.of(ePanels * kernel.mr() * depth, g.dtype());
    this.vPitch = Pitch.of(vPanels * kernel.nr() * depth, g.dtype());
    this.ldm = Gemm.roundUp(g.ic(), kernel.lanes());
    this.mPitch = Pitch.of(g.oc() * ldm, g.dtype());
    this.span = (Math.min(GROUP, across) - 1) * g.m() + alpha;
  }

  void run(Operand x, Operand gy, Operand gw) {
    if (tiles == 0) {
      moves.zero(gw.array(), gw.at(), g.groups() * g.oc() * g.ic() * g.r() * g.r());
      return;
    }
    Object e = Scratch.of(g.dtype(), (long) places * ePitch);
    Object v = Scratch.of(g.dtype(), (long) places * vPitch);
    Object m = Scratch.of(g.dtype(), (long) places * mPitch);
    for (int group = 0; group < g.groups(); group++) {
      for (int first = 0; first < tiles; first += depth) {
        transform(x, gy, group, first, e, v);
        multiply(first, e, v, m);
      }
      gradients(m, group, gw);
    }
    Scratch.give(m);
    Scratch.give(v);
    Scratch.give(e);
  }

  /** E and V of the tiles from {@code first} on. */
  private void transform(Operand x, Operand gy, int group, int first, Object e, Object v) {
    int groups = groups(first);
    int vScratch = alpha * span * kernel.nr();
    int eScratch = g.m() * g.m() * GROUP * kernel.mr();
    int length =
        Math.max(
            vScratch + transforms.input().scratch(kernel.nr()),
            eScratch + transforms.gradient().scratch(GROUP * kernel.mr()));
    Parallel.range(
        (ePanels + vPanels) * groups,
        Parallel.grain((long) GROUP * places * kernel.nr()),
        (from, to) -> {
          Object s = Scratch.of(g.dtype(), length);
          for (int i = from; i < to; i++) {
            int panel = i / groups;
            int tile = i % groups * GROUP;
            if (panel < vPanels) {
              inputs(x, group, panel, first, tile, s, vScratch, v);
            } else {
              gradients(gy, group, panel - vPanels, first, tile, s, eScratch, e);
            }
          }
          Scratch.give(s);
        });
  }

  /** Groups of tiles from {@code first} on, as many as are worked on at a time. */
  private int groups(int first) {
    return Math.ceilDiv(Math.min(depth, tiles - first), GROUP);
  }

  /** V of one group of tiles and one panel of channels; {@code tile} counts from {@code first}. */
  private void inputs(
      Operand x, int group, int panel, int first, int tile, Object s, int scratch, Object v) {
    int nr = kernel.nr();
    int channel = group * g.ic() + panel * nr;
    int channels = Math.min(nr, g.ic() - panel * nr);
    int to = panel * nr * groups(first) * GROUP + tile * nr;
    int end = Math.min(first + tile + GROUP, tiles);
    int row = span * nr;
    int at = first + tile;
    while (at < end) {
      int image = at / perImage;
      int ty = at % perImage / across;
      int tx = at % across;
      int run = Math.min(end - at, across - tx);
      int top = ty * g.m() - g.top();
      int left = tx * g.m() - g.left();
      int begin = Math.max(0, left);
      int n = Math.min(g.iw(), left + (run - 1) * g.m() + alpha) - begin;
      moves.zero(s, 0, scratch);
      for (int c = 0; c < channels; c++) {
        int plane = x.at() + (image * g.groups() * g.ic() + channel + c) * g.ih() * g.iw();
        for (int a = Math.max(0, -top); a < Math.min(alpha, g.ih() - top); a++) {
          int from = plane + (top + a) * g.iw() + begin;
          moves.strided(x.array(), from, 1, n, s, a * row + (begin - left) * nr + c, nr);
        }
      }
      for (int t = 0; t < run; t++) {
        int in = t * g.m() * nr;
        int out = to + (at - first - tile + t) * nr;
        transforms.input().run(s, in, row, nr, s, scratch, v, out, alpha * vPitch, vPitch, nr);
      }
      at += run;
    }
    int missing = first + tile + GROUP - end;
    for (int xi = 0; xi < places && missing > 0; xi++) {
      moves.zero(v, xi * vPitch + to + (GROUP - missing) * nr, missing * nr);
    }
  }

  /** E, alike. */
  private void gradients(
      Operand gy, int group, int panel, int first, int tile, Object s, int scratch, Object e) {
    int m = g.m();
    int mr = kernel.mr();
    int width = GROUP * mr;
    int channel = group * g.oc() + panel * mr;
    int channels = Math.min(mr, g.oc() - panel * mr);
    int end = Math.min(first + tile + GROUP, tiles);
    moves.zero(s, 0, scratch);
    int at = first + tile;
    while (at < end) {
      int image = at / perImage;
      int ty = at % perImage / across;
      int tx = at % across;
      int run = Math.min(end - at, across - tx);
      int n = Math.min(run * m, g.ow() - tx * m);
      int to = (at - first - tile) * mr;
      for (int c = 0; c < channels; c++) {
        int plane = gy.at() + (image * g.groups() * g.oc() + channel + c) * g.oh() * g.ow();
        for (int i = 0; i < Math.min(m, g.oh() - ty * m); i++) {
          int from = plane + (ty * m + i) * g.ow() + tx * m;
          for (int j = 0; j < Math.min(m, n); j++) {
            int length = Math.ceilDiv(n - j, m);
            int place = to + c + (i * m + j) * width;
            moves.strided(gy.array(), from + j, m, length, s, place, mr);
          }
        }
      }
      at += run;
    }
    int out = panel * mr * groups(first) * GROUP + tile * mr;
    transforms
        .gradient()
        .run(s, 0, m * width, width, s, scratch, e, out, alpha * ePitch, ePitch, width);
  }

  private void multiply(int first, Object e, Object v, Object m) {
    int k = groups(first) * GROUP;
    int blocks = Math.ceilDiv(g.oc(), kernel.mc());
    Parallel.range(
        places * blocks,
        Gemm.grain((long) kernel.mc() * g.ic() * k),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int xi = i / blocks;
            int o = i % blocks * kernel.mc();
            int rows = Math.min(kernel.mc(), g.oc() - o);
            int a = xi * ePitch + o * k;
            int c = xi * mPitch + o * ldm;
            kernel.multiply(e, a, v, xi * vPitch, rows, g.ic(), k, first > 0, m, c, ldm);
          }
        });
  }

  /** From M to one group's gradients. */
  private void gradients(Object m, int group, Operand gw) {
    int taps = g.r() * g.r();
    TileTransform transform = transforms.filterGradient();
    Parallel.range(
        g.oc(),
        Parallel.grain((long) places * g.ic()),
        (from, to) -> {
          Object s = Scratch.of(g.dtype(), taps * ldm + transform.scratch(ldm));
          for (int o = from; o < to; o++) {
            transform.run(
                m, o * ldm, alpha * mPitch, mPitch, s, taps * ldm, s, 0, g.r() * ldm, ldm, ldm);
            int at = gw.at() + (group * g.oc() + o) * g.ic() * taps;
            for (int tap = 0; tap < taps; tap++) {
              moves.strided(s, tap * ldm, 1, g.ic(), gw.array(), at + tap, taps);
            }
          }
          Scratch.give(s);
        });
  }
}
