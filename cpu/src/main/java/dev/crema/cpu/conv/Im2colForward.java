package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;
import org.jspecify.annotations.Nullable;

/**
 * y = bias + w·col, group by group. A task is some lines of an image's output pixels, a part of a
 * long line, or several small images, whose pixels lie side by side in one product, so that the
 * weight is not read again for each: it makes {@link Im2col} straight in the panels that the
 * product reads, kc rows at a time, which stay in the L2 cache; the weight is packed once for all.
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

  /** Images of a task: more than one only where all their pixels are few. */
  private final int images;

  /**
   * Where the row being read, and several images' results, lie in a task's scratch, behind the
   * panels; and its length.
   */
  private final int row;

  private final int results;
  private final long scratchLength;

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
    this.images = blocks == 1 ? images() : 1;
    int count = images * lines * columns;
    int width = Gemm.roundUp(count, kernel.nr());
    this.row = Math.min(kernel.kc(), k) * width;
    this.results = row + width;
    this.scratchLength = results + (images == 1 ? 0 : (long) m * count);
  }

  /** As many small images as make a product wide enough, if every thread still has a task. */
  private int images() {
    int wide = BLOCK / kernel.kc() / Math.max(1, pixels);
    int fair = plan.n() * plan.groups() / Parallel.idleThreads();
    return Math.clamp(Math.min(wide, fair), 1, Math.max(1, plan.n()));
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
    var weight = new PackedWeight(kernel, plan.groups(), m, k, w, k, 1);
    int tasks = Math.ceilDiv(plan.n(), images) * plan.groups() * blocks;
    Parallel.range(
        tasks,
        Gemm.grain((long) m * k * images * lines * columns),
        (from, to) -> {
          Object scratch = pool.take(plan.dtype(), scratchLength);
          for (int task = from; task < to; task++) {
            int block = task % blocks;
            int group = task / blocks % plan.groups();
            int image = task / blocks / plan.groups() * images;
            if (images > 1) {
              whole(image, Math.min(images, plan.n() - image), group, weight, scratch);
            } else {
              int line = block / cuts * lines;
              int column = block % cuts * columns;
              int high = Math.min(lines, plan.oh() - line);
              int wide = Math.min(columns, plan.ow() - column);
              int out = out(image, group) + line * plan.ow() + column;
              product(
                  image, 1, group, line, high, column, wide, weight, scratch, y.array(), out,
                  pixels);
            }
          }
          pool.give(scratch);
        });
    weight.close();
  }

  /** Several images: their results lie side by side, and from there go to their places. */
  private void whole(int image, int count, int group, PackedWeight weight, Object scratch) {
    int wide = count * pixels;
    product(
        image, count, group, 0, plan.oh(), 0, plan.ow(), weight, scratch, scratch, results, wide);
    for (int i = 0; i < count; i++) {
      int from = results + i * pixels;
      rows.copy(scratch, from, wide, 1, y.array(), out(image + i, group), pixels, m, pixels);
    }
  }

  private int out(int image, int group) {
    return y.at() + (image * plan.oc() + group * m) * pixels;
  }

  /** c = the results of some output pixels of {@code count} images, of all the group's channels. */
  private void product(
      int image,
      int count,
      int group,
      int line,
      int high,
      int column,
      int wide,
      PackedWeight weight,
      Object scratch,
      Object c,
      int co,
      int ldc) {
    int q = 0;
    do { // once even for an empty sum, which is the bias
      int depth = Math.min(kernel.kc(), k - q);
      panels(image, count, group, q, depth, line, high, column, wide, scratch);
      kernel.blocks(
          weight.panels(),
          weight.at(group, q),
          scratch,
          0,
          m,
          count * high * wide,
          depth,
          bias != null && q == 0 ? bias.array() : null,
          bias == null ? 0 : bias.at() + group * m,
          q > 0,
          relu && q + depth == k,
          c,
          co,
          ldc);
      q += kernel.kc();
    } while (q < k);
  }

  /** Rows q .. q + depth of col at a block of pixels of some images, as panels. */
  private void panels(
      int image,
      int images,
      int group,
      int q,
      int depth,
      int line,
      int high,
      int column,
      int wide,
      Object scratch) {
    int nr = kernel.nr();
    int each = high * wide;
    int count = images * each;
    int size = plan.ih() * plan.iw();
    int in = x.at() + (image * plan.ic() + group * plan.icPerGroup()) * size;
    if (col.isIdentity() && images == 1) {
      int from = in + q * pixels + line * plan.ow() + column;
      kernel.pack(x.array(), from, 1, pixels, count, depth, nr, scratch, 0);
      return;
    }
    int whole = count - count % nr;
    if (whole < count) {
      rows.zero(scratch, whole * depth, nr * depth);
    }
    for (int j = 0; j < depth; j++) {
      for (int i = 0; i < images; i++) {
        int from = in + i * plan.ic() * size;
        col.read(x.array(), from, q + j, line, high, column, wide, scratch, row + i * each);
      }
      kernel.scatter(scratch, row, count, scratch, j * nr, nr * depth);
    }
  }
}
