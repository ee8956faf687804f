package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;
import org.jspecify.annotations.Nullable;

/**
 * y = bias + w·col, image by image and group by group. A task is some lines of output pixels, or a
 * part of a long line: it makes {@link Im2col} straight in the panels that the product reads, kc
 * rows at a time, which stay in the L2 cache; the weight is packed once for all.
 */
final class Im2colForward {
  /** Elements of col that are made at a time, about: a quarter of a megabyte of f32. */
  private static final int BLOCK = 64 * 1024;

  /** Columns of a cut line, at least: fewer are not worth another reading of the weight. */
  private static final int MIN_COLUMNS = 128;

  private final Conv2dPlan plan;
  private final Operand x;
  private final Operand w;
  private final @Nullable Operand bias;
  private final boolean relu;
  private final Operand y;
  private final Im2col col;
  private final Rows rows;
  private final GemmKernel kernel;
  private final BufferPool pool = BufferPool.shared();

  /** Output channels of a group, rows and columns of col. */
  private final int m;

  private final int k;
  private final int pixels;

  /** Output pixels of a task: lines and columns of them, all or in one line. */
  private final int lines;

  private final int columns;

  /** Tasks side by side, and tasks to an image and group. */
  private final int cuts;

  private final int blocks;

  /** Where the row being read lies in a task's scratch, behind the panels; and its length. */
  private final int row;

  private final int scratchLength;

  Im2colForward(Conv2dPlan plan, Operand x, Operand w, Epilogue epilogue, Operand y) {
    this.plan = plan;
    this.x = x;
    this.w = w;
    this.bias = epilogue.bias();
    this.relu = epilogue.relu();
    this.y = y;
    this.col = new Im2col(plan);
    this.rows = Rows.of(plan.dtype());
    this.kernel = GemmKernel.of(plan.dtype());
    this.m = plan.ocPerGroup();
    this.k = col.rows();
    this.pixels = col.columns();
    long wanted = wantedBlocks();
    this.lines = lines(wanted);
    this.columns = columns(wanted);
    this.cuts = Math.ceilDiv(plan.ow(), columns);
    this.blocks = Math.ceilDiv(plan.oh(), lines) * cuts;
    int width = Gemm.roundUp(lines * columns, kernel.nr());
    this.row = Math.min(kernel.kc(), k) * width;
    this.scratchLength = row + width;
  }

  /**
   * Tasks to an image and group, at least, that all threads have work. A pixel's bits do not depend
   * on it.
   */
  private long wantedBlocks() {
    long work = (long) plan.groups() * m * k * pixels * plan.n();
    long tasks = Gemm.isParallel(work) ? 4L * Parallel.idleThreads() : 1;
    return Math.ceilDiv(tasks, Math.max(1, (long) plan.n() * plan.groups()));
  }

  private int lines(long wanted) {
    long blocks =
        Math.clamp(
            Math.ceilDiv((long) pixels * Math.min(kernel.kc(), k), BLOCK),
            Math.min(wanted, plan.oh()),
            plan.oh());
    return Math.ceilDiv(plan.oh(), (int) blocks);
  }

  /** Whole lines, unless one alone is far too long or too much for one thread. */
  private int columns(long wanted) {
    int fitting = BLOCK / Math.clamp(k, 1, kernel.kc());
    if (plan.ow() <= 4 * fitting && wanted <= plan.oh()) {
      return plan.ow();
    }
    long pieces = Math.max(Math.ceilDiv(plan.ow(), fitting), Math.ceilDiv(wanted, plan.oh()));
    int even = Gemm.roundUp((int) Math.ceilDiv(plan.ow(), pieces), kernel.nr());
    return Math.min(plan.ow(), Math.max(even, MIN_COLUMNS));
  }

  void run() {
    Object weight = packWeight();
    int tasks = plan.n() * plan.groups() * blocks;
    Parallel.range(
        tasks,
        Gemm.grain((long) m * k * lines * columns),
        (from, to) -> {
          Object scratch = pool.take(plan.dtype(), scratchLength);
          for (int task = from; task < to; task++) {
            int block = task % blocks;
            int group = task / blocks % plan.groups();
            int image = task / blocks / plan.groups();
            block(image, group, block / cuts * lines, block % cuts * columns, weight, scratch);
          }
          pool.give(scratch);
        });
    pool.give(weight);
  }

  /** The output pixels of one task, of all the group's channels. */
  private void block(int image, int group, int line, int column, Object weight, Object scratch) {
    int p = line * plan.ow() + column;
    int high = Math.min(lines, plan.oh() - line);
    int wide = Math.min(columns, plan.ow() - column);
    int count = high * wide;
    int in = x.at() + (image * plan.ic() + group * plan.icPerGroup()) * plan.ih() * plan.iw();
    int out = y.at() + (image * plan.oc() + group * m) * pixels + p;
    if (k == 0) {
      empty(group, out, count);
    }
    for (int q = 0; q < k; q += kernel.kc()) {
      int depth = Math.min(kernel.kc(), k - q);
      panels(in, q, depth, line, high, column, wide, scratch);
      kernel.blocks(
          weight,
          weightAt(group, q),
          scratch,
          0,
          m,
          count,
          depth,
          bias != null && q == 0 ? bias.array() : null,
          bias == null ? 0 : bias.at() + group * m,
          q > 0,
          relu && q + depth == k,
          y.array(),
          out,
          pixels);
    }
  }

  /** An empty sum is the bias. */
  private void empty(int group, int out, int count) {
    for (int o = 0; o < m; o++) {
      int at = out + o * pixels;
      if (bias == null) {
        rows.zero(y.array(), at, count);
      } else {
        rows.repeat(bias.array(), bias.at() + group * m + o, y.array(), at, count);
      }
      if (relu) {
        rows.relu(y.array(), at, count);
      }
    }
  }

  /** Rows q .. q + depth of col at a block of {@code high} by {@code wide} pixels, as panels. */
  private void panels(
      int in, int q, int depth, int line, int high, int column, int wide, Object scratch) {
    int nr = kernel.nr();
    int count = high * wide;
    if (col.isIdentity()) {
      int from = in + q * pixels + line * plan.ow() + column;
      kernel.pack(x.array(), from, 1, pixels, count, depth, nr, scratch, 0);
      return;
    }
    int whole = count - count % nr;
    if (whole < count) {
      rows.zero(scratch, whole * depth, nr * depth);
    }
    for (int j = 0; j < depth; j++) {
      col.read(x.array(), in, q + j, line, high, column, wide, scratch, row);
      kernel.scatter(scratch, row, count, scratch, j * nr, nr * depth);
    }
  }

  /** Each group's weight, [m][k], as panels, one block of kc after the other. */
  private Object packWeight() {
    Object packed =
        pool.take(plan.dtype(), (long) plan.groups() * k * Gemm.roundUp(m, kernel.mr()));
    int kBlocks = Math.ceilDiv(k, kernel.kc());
    Parallel.range(
        plan.groups() * kBlocks,
        Parallel.grain((long) m * kernel.kc()),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int group = i / kBlocks;
            int q = i % kBlocks * kernel.kc();
            int depth = Math.min(kernel.kc(), k - q);
            int at = w.at() + group * m * k + q;
            kernel.pack(w.array(), at, k, 1, m, depth, kernel.mr(), packed, weightAt(group, q));
          }
        });
    return packed;
  }

  private int weightAt(int group, int q) {
    return (group * k + q) * Gemm.roundUp(m, kernel.mr());
  }
}
