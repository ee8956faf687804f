package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;

/**
 * gw = Σ over images of gy·colᵀ, both operands by their rows. A task is a block of {@link Im2col}'s
 * rows over a run of images. Each run has its own sum, added up in order at the end; how many runs
 * there are is the problem's own matter, so the bits do not depend on the threads.
 */
final class Im2colBackwardWeight {
  /** Pixels multiplied at a time, about. Small images come several at a time. */
  private static final int PIXELS = 512;

  /** Pixels from which on a line is cut. */
  private static final int LONG_LINE = 2 * PIXELS;

  /** Rows of col of a task: with {@link #PIXELS}, half a megabyte of f32. */
  private static final int HEIGHT = 256;

  /** Tasks, at least, where there are images enough. */
  private static final int TASKS = 32;

  /** Elements of all the runs' sums, at most. */
  private static final int MAX_PARTIAL = 1 << 26;

  private final Conv2dPlan plan;
  private final Operand x;
  private final Operand gy;
  private final Operand gw;
  private final Im2col col;
  private final Rows rows;
  private final GemmKernel kernel;
  private final BufferPool pool = BufferPool.shared();

  /** Output channels of a group, rows and columns of col. */
  private final int m;

  private final int k;
  private final int pixels;

  /** Tasks to a group and run. */
  private final int blocks;

  /** Images multiplied at a time, images to a run, and the number of runs. */
  private final int batch;

  private final int run;
  private final int runs;

  /** Pixels of a large image multiplied at a time: lines and columns, all or in one line. */
  private final int lines;

  private final int columns;

  /** Where a batch's rows of gy lie in a task's scratch, behind the rows of col; and its length. */
  private final int gyRows;

  private final long scratchLength;

  Im2colBackwardWeight(Conv2dPlan plan, Operand x, Operand gy, Operand gw) {
    this.plan = plan;
    this.x = x;
    this.gy = gy;
    this.gw = gw;
    this.col = new Im2col(plan);
    this.rows = Rows.of(plan.dtype());
    this.kernel = GemmKernel.of(plan.dtype());
    this.m = plan.ocPerGroup();
    this.k = col.rows();
    this.pixels = col.columns();
    this.blocks = Math.ceilDiv(k, HEIGHT);
    this.batch = Math.clamp(PIXELS / pixels, 1, Math.max(1, plan.n()));
    int batches = Math.ceilDiv(plan.n(), batch);
    int wanted =
        Math.min(
            Math.ceilDiv(TASKS, Math.max(1, plan.groups() * blocks)),
            MAX_PARTIAL / Math.max(1, plan.oc() * k));
    this.run = batch * Math.ceilDiv(batches, Math.clamp(wanted, 1, Math.max(1, batches)));
    this.runs = Math.max(1, Math.ceilDiv(plan.n(), Math.max(1, run)));
    this.lines = Math.clamp(PIXELS / plan.ow(), 1, plan.oh());
    this.columns = plan.ow() > LONG_LINE ? PIXELS : plan.ow();
    int depth = batch > 1 ? batch * pixels : lines * columns;
    this.gyRows = Math.min(HEIGHT, k) * depth;
    this.scratchLength = gyRows + (batch > 1 ? (long) m * depth : 0);
  }

  void run() {
    int size = plan.oc() * k;
    var sums = new PartialSums(plan.dtype(), gw, runs, size);
    rows.zero(sums.array(), sums.at(0), runs * size);
    Parallel.range(
        runs * plan.groups() * blocks,
        Gemm.grain((long) m * HEIGHT * pixels * run),
        (from, to) -> {
          Object scratch = pool.take(plan.dtype(), scratchLength);
          for (int task = from; task < to; task++) {
            int block = task % blocks;
            int group = task / blocks % plan.groups();
            int first = task / blocks / plan.groups();
            int out = sums.at(first) + group * m * k + block * HEIGHT;
            block(first * run, group, block * HEIGHT, sums.array(), out, scratch);
          }
          pool.give(scratch);
        });
    sums.close();
  }

  /** Adds to out, a block of gw, what one run of images gives. */
  private void block(int first, int group, int row, Object sum, int out, Object scratch) {
    int end = Math.min(first + run, plan.n());
    for (int image = first; image < end; image += batch) {
      if (batch > 1) {
        smallImages(image, Math.min(batch, end - image), group, row, sum, out, scratch);
      } else {
        largeImage(image, group, row, sum, out, scratch);
      }
    }
  }

  /** One image, some pixels at a time; gy is read where it lies. */
  private void largeImage(int image, int group, int row, Object sum, int out, Object scratch) {
    int height = Math.min(HEIGHT, k - row);
    int from = imageAt(image, group);
    for (int line = 0; line < plan.oh(); line += lines) {
      int high = Math.min(lines, plan.oh() - line);
      for (int column = 0; column < plan.ow(); column += columns) {
        int wide = Math.min(columns, plan.ow() - column);
        int count = high * wide;
        for (int j = 0; j < height; j++) {
          col.read(x.array(), from, row + j, line, high, column, wide, scratch, j * count);
        }
        int at = gradientAt(image, group) + line * plan.ow() + column;
        multiply(gy.array(), at, pixels, scratch, height, count, sum, out);
      }
    }
  }

  /** Several images side by side. */
  private void smallImages(
      int image, int images, int group, int row, Object sum, int out, Object scratch) {
    int height = Math.min(HEIGHT, k - row);
    int count = images * pixels;
    for (int i = 0; i < images; i++) {
      int at = i * pixels;
      for (int j = 0; j < height; j++) {
        int from = imageAt(image + i, group);
        int to = j * count + at;
        col.read(x.array(), from, row + j, 0, plan.oh(), 0, plan.ow(), scratch, to);
      }
      int in = gradientAt(image + i, group);
      rows.copy(gy.array(), in, pixels, 1, scratch, gyRows + at, count, m, pixels);
    }
    multiply(scratch, gyRows, count, scratch, height, count, sum, out);
  }

  /** sum += rows of gy times the rows of col that lie at the start of scratch. */
  private void multiply(
      Object g, int at, int pitch, Object scratch, int height, int count, Object sum, int out) {
    Gemm.run(kernel, m, height, count, g, at, pitch, 1, scratch, 0, 1, count, sum, out, k, true);
  }

  private int imageAt(int image, int group) {
    return x.at() + (image * plan.ic() + group * plan.icPerGroup()) * plan.ih() * plan.iw();
  }

  private int gradientAt(int image, int group) {
    return gy.at() + (image * plan.oc() + group * m) * pixels;
  }
}
