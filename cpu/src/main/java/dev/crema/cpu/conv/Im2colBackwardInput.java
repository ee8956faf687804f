package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;

/**
 * gx = the sum of gcol = wᵀ·gy over the places where {@link Im2col} read each pixel. A task is a
 * block of one image's input channels, which no other task writes; it makes gcol for some lines of
 * output pixels at a time, or a part of a long line, and adds it up, tap by tap. All these blocks
 * are the problem's own, so the order of additions is fixed.
 */
final class Im2colBackwardInput {
  /** Rows of gcol, about. */
  private static final int GCOL_ROWS = 256;

  /** Elements of gcol, about: half a megabyte of f32. */
  private static final int GCOL_ELEMENTS = 128 * 1024;

  /** Columns of a cut line, at least. */
  private static final int MIN_COLUMNS = 64;

  private final Conv2dPlan plan;
  private final Operand gy;
  private final Operand w;
  private final Operand gx;
  private final Im2col col;
  private final Rows rows;
  private final GemmKernel kernel;
  private final BufferPool pool = BufferPool.shared();

  /** Output channels of a group, output pixels, rows of col for each input channel. */
  private final int m;

  private final int pixels;
  private final int taps;

  /** Input channels of a task, and tasks to an image and group. */
  private final int channels;

  private final int blocks;

  /** Rows of gcol. */
  private final int height;

  /** Output pixels of gcol: lines and columns of them, all or in one line. */
  private final int lines;

  private final int columns;

  /** Where gcol lies in a task's scratch, behind the panels of gy; and its length. */
  private final int gcol;

  private final long scratchLength;

  Im2colBackwardInput(Conv2dPlan plan, Operand gy, Operand w, Operand gx) {
    this.plan = plan;
    this.gy = gy;
    this.w = w;
    this.gx = gx;
    this.col = new Im2col(plan);
    this.rows = Rows.of(plan.dtype());
    this.kernel = GemmKernel.of(plan.dtype());
    this.m = plan.ocPerGroup();
    this.pixels = col.columns();
    this.taps = col.taps();
    this.channels = Math.clamp(GCOL_ROWS / taps, 1, Math.max(1, plan.icPerGroup()));
    this.blocks = Math.ceilDiv(plan.icPerGroup(), channels);
    this.height = channels * taps;
    int depth = Math.min(kernel.kc(), m);
    int fitting = GCOL_ELEMENTS / Math.max(height, depth);
    this.lines = Math.clamp(fitting / plan.ow(), 1, plan.oh());
    this.columns =
        plan.ow() <= 4 * fitting ? plan.ow() : Math.min(plan.ow(), Math.max(fitting, MIN_COLUMNS));
    int width = lines * columns;
    long panels = (long) depth * Gemm.roundUp(width, kernel.nr());
    this.gcol = (int) panels; // if it does not fit, the pool refuses the length
    this.scratchLength = panels + (long) height * width;
  }

  void run() {
    Object weight = packWeight();
    int tasks = plan.n() * plan.groups() * blocks;
    Parallel.range(
        tasks,
        Gemm.grain((long) height * m * pixels),
        (from, to) -> {
          Object scratch = pool.take(plan.dtype(), scratchLength);
          for (int task = from; task < to; task++) {
            int block = task % blocks;
            int group = task / blocks % plan.groups();
            int image = task / blocks / plan.groups();
            block(image, group, block, weight, scratch);
          }
          pool.give(scratch);
        });
    pool.give(weight);
  }

  private void block(int image, int group, int block, Object weight, Object scratch) {
    int plane = plan.ih() * plan.iw();
    int first = block * channels;
    int count = Math.min(channels, plan.icPerGroup() - first);
    int in = gy.at() + (image * plan.oc() + group * m) * pixels;
    int out = gx.at() + (image * plan.ic() + group * plan.icPerGroup() + first) * plane;
    rows.zero(gx.array(), out, count * plane);
    for (int line = 0; line < plan.oh(); line += lines) {
      int high = Math.min(lines, plan.oh() - line);
      for (int column = 0; column < plan.ow(); column += columns) {
        int wide = Math.min(columns, plan.ow() - column);
        int p = line * plan.ow() + column;
        gcol(in + p, weightAt(group, block, 0), count * taps, high * wide, weight, scratch);
        for (int j = 0; j < count * taps; j++) {
          int at = gcol + j * high * wide;
          col.add(scratch, at, j, line, high, column, wide, gx.array(), out);
        }
      }
    }
  }

  /** gcol[n][width] = a packed block of wᵀ times columns of gy. */
  private void gcol(int in, int weightAt, int n, int width, Object weight, Object scratch) {
    if (m == 0) {
      rows.zero(scratch, gcol, n * width);
    }
    for (int q = 0; q < m; q += kernel.kc()) {
      int depth = Math.min(kernel.kc(), m - q);
      kernel.pack(gy.array(), in + q * pixels, 1, pixels, width, depth, kernel.nr(), scratch, 0);
      kernel.blocks(
          weight,
          weightAt + q * Gemm.roundUp(height, kernel.mr()),
          scratch,
          0,
          n,
          width,
          depth,
          null,
          0,
          q > 0,
          false,
          scratch,
          gcol,
          width);
    }
  }

  /**
   * For each group and task the transposed weight, [height][m], as panels, one block of kc after
   * the other.
   */
  private Object packWeight() {
    int k = col.rows();
    long length = (long) plan.groups() * blocks * m * Gemm.roundUp(height, kernel.mr());
    Object packed = pool.take(plan.dtype(), length);
    Parallel.range(
        plan.groups() * blocks,
        Parallel.grain((long) height * m),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int group = i / blocks;
            int block = i % blocks;
            int first = block * height;
            for (int q = 0; q < m; q += kernel.kc()) {
              int depth = Math.min(kernel.kc(), m - q);
              int at = w.at() + (group * m + q) * k + first;
              kernel.pack(
                  w.array(),
                  at,
                  1,
                  k,
                  Math.min(height, k - first),
                  depth,
                  kernel.mr(),
                  packed,
                  weightAt(group, block, q));
            }
          }
        });
    return packed;
  }

  private int weightAt(int group, int block, int q) {
    return ((group * blocks + block) * m + q) * Gemm.roundUp(height, kernel.mr());
  }
}
