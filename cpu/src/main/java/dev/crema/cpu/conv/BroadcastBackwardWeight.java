package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;

/**
 * gw[o][c, ky, kx] = Σ over output pixels of x, seen through a tap, times gy: for each pixel an
 * outer product of all rows of a column matrix, which is never made, with the output channels.
 * Elements of x are broadcast from {@link TapPlanes} in the L1 cache; the output channels are the
 * lanes, packed from gy for some pixels at a time. The sums, [c, ky, kx][o], are turned at the end.
 *
 * <p>A task is some images of a group, in order; how many, the problem alone decides.
 */
final class BroadcastBackwardWeight {
  /** Pixels at a time, about: so many are packed, and summed in registers. */
  private static final int PIXELS = 1024;

  /** Elements of planes at a time, about. */
  private static final int PLANES = 4 * 1024;

  /** Tasks, at least, if there are images enough. */
  private static final int TASKS = 16;

  /** Sums of a task, at most: they stay in the L2 cache. */
  private static final int MAX_SUMS = 64 * 1024;

  private final Conv2dPlan plan;
  private final GemmKernel kernel;
  private final Rows rows;
  private final BufferPool pool = BufferPool.shared();

  /** Output channels of a group; the same in whole vectors; rows of the column matrix. */
  private final int m;

  private final int width;
  private final int k;

  /** Images of a task, and tasks to a group. */
  private final int images;

  private final int parts;

  /** A window of output pixels: lines and columns. */
  private final int lines;

  private final int columns;
  private final TapPlanes planes;

  /** Channels at a time, and where their rows start. */
  private final int channels;

  private final int[] starts;

  /** Where in scratch the planes, the panels and the turned sums are, behind the sums. */
  private final int planesAt;

  private final int panelsAt;
  private final int turnedAt;
  private final long scratchLength;

  BroadcastBackwardWeight(Conv2dPlan plan) {
    this.plan = plan;
    this.kernel = GemmKernel.of(plan.dtype());
    this.rows = Rows.of(plan.dtype());
    this.m = plan.ocPerGroup();
    this.width = Gemm.roundUp(m, kernel.lanes());
    this.k = plan.icPerGroup() * plan.kh() * plan.kw();
    int n = Math.max(1, plan.n());
    this.images = Math.ceilDiv(n, Math.ceilDiv(TASKS, Math.max(1, plan.groups())));
    this.parts = Math.ceilDiv(n, images);
    this.lines = Math.clamp(PIXELS / plan.ow(), 1, plan.oh());
    this.columns = plan.ow() > 2 * PIXELS ? PIXELS : plan.ow();
    this.planes = new TapPlanes(plan, lines, columns);
    this.channels = Math.clamp(PLANES / planes.channel(), 1, Math.max(1, plan.icPerGroup()));
    this.starts = planes.starts(channels);
    this.planesAt = k * width;
    this.panelsAt = planesAt + channels * planes.channel();
    this.turnedAt = panelsAt + Gemm.roundUp(m, kernel.nr()) * lines * columns;
    this.scratchLength = turnedAt + (long) k * width;
  }

  /** What it costs, as {@link Cost} counts: few output channels leave lanes idle. */
  static double cost(Conv2dPlan p) {
    int m = p.ocPerGroup();
    int width = Gemm.roundUp(m, GemmKernel.of(p.dtype()).lanes());
    return (long) width * p.icPerGroup() * p.kh() * p.kw() > MAX_SUMS
        ? Double.POSITIVE_INFINITY
        : Cost.products(p) * Cost.PRODUCT * width / Math.max(1, m)
            + Cost.input(p) * Cost.MOVE
            + Cost.output(p) * Cost.MOVE
            + Cost.weight(p) * Cost.WEIGHT;
  }

  void run(Operand x, Operand gy, Operand gw) {
    var sums = new PartialSums(plan.dtype(), gw, parts, plan.oc() * k);
    Parallel.range(
        parts * plan.groups(),
        Gemm.grain((long) m * k * plan.oh() * plan.ow() * images),
        (from, to) -> {
          Object scratch = pool.take(plan.dtype(), scratchLength);
          for (int task = from; task < to; task++) {
            int group = task % plan.groups();
            int part = task / plan.groups();
            sum(part, group, x, gy, scratch);
            kernel.turn(scratch, width, k, scratch, turnedAt, k);
            int out = sums.at(part) + group * m * k;
            rows.copy(scratch, turnedAt, 0, 1, sums.array(), out, 0, 1, m * k);
          }
          pool.give(scratch);
        });
    sums.close();
  }

  /** The sums of a part's images, at the start of scratch. */
  private void sum(int part, int group, Operand x, Operand gy, Object scratch) {
    rows.zero(scratch, 0, k * width);
    for (int n = part * images; n < Math.min(plan.n(), (part + 1) * images); n++) {
      int image = n * plan.groups() + group;
      for (int line = 0; line < plan.oh(); line += lines) {
        for (int column = 0; column < plan.ow(); column += columns) {
          window(image, line, column, x, gy, scratch);
        }
      }
    }
  }

  /**
   * Adds what one window of an image gives.
   *
   * @param image counted with groups
   */
  private void window(int image, int line, int column, Operand x, Operand gy, Object scratch) {
    int pixels = plan.oh() * plan.ow();
    int wide = Math.min(columns, plan.ow() - column);
    int high = Math.min(lines, plan.oh() - line);
    int from = gy.at() + image * m * pixels + line * plan.ow() + column;
    kernel.pack(gy.array(), from, pixels, 1, m, high * wide, kernel.nr(), scratch, panelsAt);
    rows.zero(scratch, planesAt, channels * planes.channel());
    int taps = plan.kh() * plan.kw();
    int plane = plan.ih() * plan.iw();
    for (int c = 0; c < plan.icPerGroup(); c += channels) {
      int some = Math.min(channels, plan.icPerGroup() - c);
      for (int i = 0; i < some; i++) {
        int in = x.at() + (image * plan.icPerGroup() + c + i) * plane;
        planes.copy(x.array(), in, line, column, scratch, planesAt + i * planes.channel());
      }
      kernel.outer(
          scratch,
          planesAt,
          starts,
          some * taps,
          high,
          wide,
          planes.pitch(),
          scratch,
          panelsAt,
          width,
          scratch,
          c * taps * width,
          width);
    }
  }
}
