package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;
import org.jspecify.annotations.Nullable;

/**
 * y = bias + w·col, group by group, where col is the column matrix of {@link Im2col}. A task is
 * some of an image's output pixels, or several small images, whose pixels lie side by side in one
 * product, so that they fill its vectors and the weight is not read again for each. {@link
 * Im2colPanels} makes col kc rows at a time, straight in the panels that the product reads, which
 * stay in the L2 cache; the weight is packed once for all.
 */
final class Im2colForward {
  /** Elements of col that are made at a time, about: a quarter of a megabyte of f32. */
  private static final int BLOCK = 64 * 1024;

  /** Columns of a task, at least: fewer are not worth another reading of the weight. */
  private static final int MIN_COLUMNS = 128;

  /**
   * Up to so many columns, packing a weight takes some percents: one that does not change is kept.
   */
  private static final int KEPT_COLUMNS = 1024;

  /** Several images are taken together until at most one lane in so many is idle. */
  private static final int IDLE = 32;

  private final Conv2dPlan plan;
  private final Operand x;
  private final Operand w;

  /** How far apart the weight's rows are, and their elements. */
  private final int rs;

  private final int ks;
  private final @Nullable Operand bias;
  private final boolean relu;
  private final Operand y;
  private final Rows rows;
  private final GemmKernel kernel;
  private final BufferPool pool = BufferPool.shared();

  /** Output channels of a group, rows and columns of col. */
  private final int m;

  private final int k;
  private final int pixels;

  /** Pixels that tasks do not cross the ends of: a line's if lines are long, else an image's. */
  private final int stretch;

  /** Output pixels of a task, and tasks to an image and group. */
  private final int count;

  private final int blocks;

  /** Images of a task: more than one only where all their pixels are few. */
  private final int images;

  private final Im2colPanels panels;

  /** Where several images' results lie in a task's scratch; and its length. */
  private final int results;

  private final long scratchLength;

  Im2colForward(Conv2dPlan plan, Operand x, Operand w, Epilogue epilogue, Operand y) {
    this(plan, x, w, plan.icPerGroup() * plan.kh() * plan.kw(), 1, epilogue, y);
  }

  /** With a weight of other strides, from a row, an output channel, to the next, and along it. */
  Im2colForward(
      Conv2dPlan plan, Operand x, Operand w, int rs, int ks, Epilogue epilogue, Operand y) {
    this.plan = plan;
    this.x = x;
    this.w = w;
    this.rs = rs;
    this.ks = ks;
    this.bias = epilogue.bias();
    this.relu = epilogue.relu();
    this.y = y;
    this.rows = Rows.of(plan.dtype());
    this.kernel = GemmKernel.of(plan.dtype());
    this.m = plan.ocPerGroup();
    this.k = plan.icPerGroup() * plan.kh() * plan.kw();
    this.pixels = plan.oh() * plan.ow();
    int fitting = Gemm.roundUp(BLOCK / Math.clamp(k, 1, kernel.kc()), kernel.nr());
    this.stretch = plan.ow() > 4 * fitting ? plan.ow() : pixels;
    this.count = count(fitting);
    this.blocks = pixels / stretch * Math.ceilDiv(stretch, count);
    this.images = blocks == 1 ? images(fitting) : 1;
    this.panels = new Im2colPanels(plan, images, count, stretch == plan.ow());
    this.results = panels.scratch(images);
    this.scratchLength = results + (images == 1 ? 0 : (long) m * images * count);
  }

  /**
   * What fits, unless threads would have nothing to do: then less, in whole panels. A pixel's bits
   * do not depend on it.
   */
  private int count(int fitting) {
    long work = (long) plan.groups() * m * k * pixels * plan.n();
    long tasks = Gemm.isParallel(work) ? 4L * Parallel.idleThreads() : 1;
    long wanted = Math.ceilDiv(tasks, Math.max(1, (long) plan.n() * plan.groups()));
    int fair = (int) Math.max(MIN_COLUMNS, Math.ceilDiv(pixels, wanted));
    int parts = Math.ceilDiv(stretch, Math.min(fitting, fair));
    return Math.min(stretch, Gemm.roundUp(Math.ceilDiv(stretch, parts), kernel.nr()));
  }

  /** As many as fill vectors well, if every thread still has a task. */
  private int images(int fitting) {
    int most = Math.max(1, 4 * fitting / pixels);
    int fair = Math.max(1, plan.n() * plan.groups() / Parallel.idleThreads());
    int best = 1;
    for (int i = 1; i <= Math.min(Math.min(most, fair), plan.n()); i++) {
      if (idle(i) * best < idle(best) * i) {
        best = i;
      }
      if (idle(best) * IDLE <= best * pixels) {
        break;
      }
    }
    return best;
  }

  /** The lanes beside so many images' pixels. */
  private int idle(int images) {
    return Gemm.roundUp(images * pixels, kernel.lanes()) - images * pixels;
  }

  void run() {
    var weight =
        new PackedWeight(kernel, plan.groups(), m, k, w, rs, ks, plan.n() * pixels <= KEPT_COLUMNS);
    int tasks = Math.ceilDiv(plan.n(), images) * plan.groups() * blocks;
    Parallel.range(
        tasks,
        Gemm.grain((long) m * k * images * count),
        (from, to) -> {
          Object scratch = pool.take(plan.dtype(), scratchLength);
          var runs = new ColumnRuns(kernel.nr(), kernel.lanes());
          for (int task = from; task < to; task++) {
            int group = task / blocks % plan.groups();
            int image = task / blocks / plan.groups() * images;
            if (images > 1) {
              int some = Math.min(images, plan.n() - image);
              product(image, some, group, 0, pixels, weight, runs, scratch, scratch, results);
              share(image, some, group, scratch);
            } else {
              int parts = Math.ceilDiv(stretch, count);
              int part = task % blocks % parts * count;
              int pixel = task % blocks / parts * stretch + part;
              int some = Math.min(count, stretch - part);
              int out = out(image, group) + pixel;
              product(image, 1, group, pixel, some, weight, runs, scratch, y.array(), out);
            }
          }
          pool.give(scratch);
        });
    weight.close();
  }

  /** Several images' results, which lie side by side, to their places. */
  private void share(int image, int count, int group, Object scratch) {
    for (int i = 0; i < count; i++) {
      int from = results + i * pixels;
      int to = out(image + i, group);
      rows.copy(scratch, from, count * pixels, 1, y.array(), to, pixels, m, pixels);
    }
  }

  private int out(int image, int group) {
    return y.at() + (image * plan.oc() + group * m) * pixels;
  }

  /** c = the results of {@code wide} pixels of each of some images, of all the group's channels. */
  private void product(
      int image,
      int count,
      int group,
      int pixel,
      int wide,
      PackedWeight weight,
      ColumnRuns runs,
      Object scratch,
      Object c,
      int co) {
    int ldc = count * pixels;
    panels.start(count, pixel, wide, runs, scratch);
    int q = 0;
    do { // once even for an empty sum, which is the bias
      int depth = Math.min(kernel.kc(), k - q);
      panels.make(x, image, count, group, pixel, q, depth, runs, scratch);
      kernel.blocks(
          weight.panels(),
          weight.at(group, q),
          scratch,
          0,
          m,
          count * wide,
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
}
