package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;

/**
 * gw[o][c, ky, kx] = dot products of gy's channel o with x's channel c shifted by the tap: both run
 * along the {@link ShiftedImage}'s lines, gy with zeros between its own, so nothing is transposed.
 * The lanes of a product add up apart, over all images of a task, and together only at its end.
 *
 * <p>A task is a block of output channels times a block of input channels, for some of the images.
 * How the images are cut depends on the problem alone, and parts are added in order.
 */
final class ShiftedBackwardWeight {
  /** Output channels of a task. */
  private static final int RESULTS = 64;

  /** Channels times taps of a task, about: with 64 results, sums of 300 kB. */
  private static final int ROWS = 72;

  /** Sums of a task, at most, where there are still more taps: 64 MB of f32 in the widest lanes. */
  private static final int SUMS = 1 << 20;

  /** Elements of a run, about: those of a tile stay in the L1 cache. */
  private static final int RUN = 1024;

  /** Tasks, at least, if there are images enough. */
  private static final int TASKS = 16;

  private final Conv2dPlan p;
  private final GemmKernel kernel;
  private final Rows rows;
  private final BufferPool pool = BufferPool.shared();

  /** Output and input channels of a task, and how many blocks of them a group has. */
  private final int results;

  private final int channels;
  private final int resultBlocks;
  private final int channelBlocks;

  /** Images of a part, and parts. */
  private final int images;

  private final int parts;

  /** Lines of outputs at a time. */
  private final int lines;

  private final Taps down;
  private final Taps across;

  ShiftedBackwardWeight(Conv2dPlan plan) {
    this.p = plan;
    this.kernel = GemmKernel.of(p.dtype());
    this.rows = Rows.of(p.dtype());
    this.down = Taps.down(p);
    this.across = Taps.across(p);
    int taps = p.kh() * p.kw();
    this.channels = Math.clamp(ROWS / taps, 1, Math.max(1, p.icPerGroup()));
    int most = Math.clamp(SUMS / (channels * taps), 1, RESULTS);
    this.results = Math.clamp(p.ocPerGroup(), 1, most);
    this.resultBlocks = Math.ceilDiv(p.ocPerGroup(), results);
    this.channelBlocks = Math.ceilDiv(p.icPerGroup(), channels);
    int tasks = Math.max(1, p.groups() * resultBlocks * channelBlocks);
    this.images = Math.ceilDiv(Math.max(1, p.n()), Math.ceilDiv(TASKS, tasks));
    this.parts = Math.ceilDiv(Math.max(1, p.n()), images);
    int pitch = new ShiftedImage(down, across, channels, false).pitch();
    this.lines = Math.clamp(RUN / pitch, 1, p.oh());
  }

  /** What it costs, as {@link Cost} counts. */
  static double cost(Conv2dPlan p) {
    return Cost.products(p) * Cost.PRODUCT
        + Cost.input(p) * Cost.MOVE * Math.ceilDiv(p.ocPerGroup(), 64)
        + Cost.output(p) * Cost.MOVE * Math.max(1, p.icPerGroup() * p.kh() * p.kw() / 72)
        + Cost.weight(p) * 2 * Cost.WEIGHT * Math.min(p.n(), 16);
  }

  void run(Operand x, Operand gy, Operand gw) {
    int length = p.oc() * p.icPerGroup() * p.kh() * p.kw();
    var sums = new PartialSums(p.dtype(), gw, parts, length);
    int blocks = p.groups() * resultBlocks * channelBlocks;
    long work = (long) results * channels * p.kh() * p.kw() * p.oh() * p.ow() * images;
    Parallel.range(
        blocks * parts,
        Gemm.grain(work),
        (from, to) -> {
          for (int task = from; task < to; task++) {
            int part = task / blocks;
            int c = task % channelBlocks * channels;
            int o = task / channelBlocks % resultBlocks * results;
            int group = task / channelBlocks / resultBlocks % p.groups();
            block(part, group, o, c, x, gy, sums.array(), sums.at(part));
          }
        });
    sums.close();
  }

  /** The gradient of a block of the group's weight, from the images of one part. */
  private void block(int part, int group, int o, int c, Operand x, Operand gy, Object gw, int out) {
    int high = Math.min(results, p.ocPerGroup() - o);
    int deep = Math.min(channels, p.icPerGroup() - c);
    var image = new ShiftedImage(down, across, deep, false);
    int[] starts = image.starts(lines);
    int wide = image.rows();
    int run = Gemm.roundUp(image.outputs(lines), kernel.lanes());
    int planes = image.length(lines);
    // Runs start at most a plane before the last one's end, and zeros of gy meet what lies behind.
    Object source = pool.take(p.dtype(), (long) planes + run);
    Object gradient = pool.take(p.dtype(), (long) high * run);
    int sumsLength = high * wide * kernel.lanes();
    Object sums = pool.take(p.dtype(), sumsLength);
    rows.zero(source, planes, run);
    rows.zero(sums, 0, sumsLength);
    for (int n = part * images; n < Math.min(p.n(), (part + 1) * images); n++) {
      int in = x.at() + ((n * p.groups() + group) * p.icPerGroup() + c) * p.ih() * p.iw();
      int from = gy.at() + ((n * p.groups() + group) * p.ocPerGroup() + o) * p.oh() * p.ow();
      for (int line = 0; line < p.oh(); line += lines) {
        int count = Math.min(lines, p.oh() - line);
        boolean zeros = lines < p.oh() || n == part * images;
        image.copy(rows, x.array(), in, line, count, lines, zeros, source, 0);
        gradient(gy.array(), from + line * p.ow(), high, count, image.pitch(), run, gradient);
        int length = Gemm.roundUp(image.outputs(count), kernel.lanes());
        kernel.dotRows(gradient, 0, run, source, 0, starts, high, wide, length, sums, 0);
      }
    }
    int k = p.icPerGroup() * p.kh() * p.kw();
    int at = out + (group * p.ocPerGroup() + o) * k + c * p.kh() * p.kw();
    kernel.addLanes(sums, 0, high, wide, gw, at, k);
    pool.give(sums);
    pool.give(gradient);
    pool.give(source);
  }

  /** Some lines of each channel of gy, {@code pitch} apart, zeros between and behind them. */
  private void gradient(
      Object gy, int from, int channels, int lines, int pitch, int run, Object to) {
    for (int o = 0; o < channels; o++) {
      if (pitch > p.ow()) {
        rows.zero(to, o * run, run);
      } else {
        rows.zero(to, o * run + lines * pitch, run - lines * pitch);
      }
      int at = from + o * p.oh() * p.ow();
      rows.copy(gy, at, p.ow(), 1, to, o * run, pitch, lines, p.ow());
    }
  }
}
