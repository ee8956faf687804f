package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;

/**
 * Makes rows of the column matrix in the panels that a product reads. Columns are a task's output
 * pixels, the same ones of each of some images. A few channels at a time are copied to {@link
 * TapPlanes}, which stay in the L1 cache; there every row of theirs is some {@link ColumnRuns runs}
 * of memory. Where the column matrix is the image itself, that is read in place.
 */
final class Im2colPanels {
  /** Elements of planes at a time, about. */
  private static final int PLANES = 4 * 1024;

  /** Rows of the image itself at a time: as many streams as the hardware fetches ahead. */
  private static final int ROWS = 8;

  private final Conv2dPlan plan;
  private final GemmKernel kernel;
  private final Rows rows;
  private final int taps;
  private final int k;
  private final int plane;

  /** Whether a row is its channel, unchanged. */
  private final boolean isIdentity;

  /** Whether all of a task's pixels are in one line. */
  private final boolean isLine;

  private final TapPlanes planes;

  /** Channels at a time, at most; elements of their planes; and where the rows start. */
  private final int channels;

  private final int planesLength;
  private final int[] starts;

  /** Where the planes are in scratch, behind the panels. */
  private final int planesAt;

  /**
   * @param images of a task, at most
   * @param count pixels of a task in each image, at most
   * @param isLine whether they are always in one line
   */
  Im2colPanels(Conv2dPlan plan, int images, int count, boolean isLine) {
    this.plan = plan;
    this.kernel = GemmKernel.of(plan.dtype());
    this.rows = Rows.of(plan.dtype());
    this.taps = plan.kh() * plan.kw();
    this.k = plan.icPerGroup() * taps;
    this.plane = plan.ih() * plan.iw();
    this.isIdentity = Pointwise.fits(plan);
    this.isLine = isLine;
    int lines = isLine ? 1 : Math.min(plan.oh(), (count + plan.ow() - 2) / plan.ow() + 1);
    this.planes = new TapPlanes(plan, lines, isLine ? count : plan.ow());
    int fitting = PLANES / Math.max(1, images * planes.channel());
    this.channels = Math.clamp(fitting, 1, Math.max(1, plan.icPerGroup()));
    this.planesLength = channels * planes.channel();
    this.starts = isIdentity ? starts() : planes.starts(channels);
    int width = Gemm.roundUp(images * count, kernel.nr());
    this.planesAt = Math.multiplyExact(depth(), width);
  }

  private int depth() {
    return Math.min(kernel.kc(), k);
  }

  private int[] starts() {
    int[] starts = new int[depth()];
    for (int j = 0; j < starts.length; j++) {
      starts[j] = j * plane;
    }
    return starts;
  }

  /** Elements of scratch for so many images, from where the panels are. */
  int scratch(int images) {
    return Math.addExact(planesAt, isIdentity ? 0 : images * planesLength + kernel.lanes());
  }

  /**
   * Begins a task: {@code count} pixels from {@code pixel} on of some images.
   *
   * @param runs becomes the task's columns
   */
  void start(int images, int pixel, int count, ColumnRuns runs, Object scratch) {
    runs.clear();
    for (int i = 0; i < images; i++) {
      if (isIdentity) {
        runs.add(i * plan.ic() * plane + pixel, count);
      } else {
        runs(i * planesLength, pixel, count, runs);
      }
    }
    if (!isIdentity) {
      rows.zero(scratch, planesAt, images * planesLength);
    }
  }

  /** The columns of one image, whose planes are at {@code at}. */
  private void runs(int at, int pixel, int count, ColumnRuns runs) {
    int ow = plan.ow();
    int pitch = planes.pitch();
    int column = isLine ? 0 : pixel % ow;
    if (isLine || pitch == ow) {
      runs.add(at + column, count);
      return;
    }
    for (int done = 0; done < count; ) {
      int n = Math.min(ow - column, count - done);
      runs.add(at + column, n);
      done += n;
      column = 0;
      at += pitch;
    }
  }

  /** Rows q .. q + depth of the task's columns, which {@link #start} began. */
  void make(
      Operand x,
      int image,
      int images,
      int group,
      int pixel,
      int q,
      int depth,
      ColumnRuns runs,
      Object scratch) {
    rows.zero(scratch, (runs.panels() - 1) * kernel.nr() * depth, kernel.nr() * depth);
    int in = x.at() + (image * plan.ic() + group * plan.icPerGroup()) * plane;
    if (isIdentity) {
      int from = in + q * plane;
      int inside = (x.length() - kernel.lanes() - from - runs.reach()) / plane;
      int loose = Math.clamp(inside, 0, depth - 1);
      for (int j = 0; j < depth; j += ROWS) {
        int some = Math.min(ROWS, depth - j);
        int whole = Math.clamp(loose - j, 0, some);
        int at = j * kernel.nr();
        gather(x.array(), from, j, some, whole, runs, scratch, at, depth);
      }
      return;
    }
    int end = q + depth;
    for (int j = q; j < end; ) {
      int c = j / taps;
      int some = Math.min(channels, Math.ceilDiv(end, taps) - c);
      copy(x.array(), in + c * plane, images, some, pixel, scratch);
      int first = j - c * taps;
      int count = Math.min(end, (c + some) * taps) - j;
      int loose = j + count == end ? count - 1 : count;
      int at = (j - q) * kernel.nr();
      gather(scratch, planesAt, first, count, loose, runs, scratch, at, depth);
      j += count;
    }
  }

  /** Some channels of each image to its planes. */
  private void copy(Object x, int from, int images, int some, int pixel, Object scratch) {
    int line = pixel / plan.ow();
    int column = isLine ? pixel % plan.ow() : 0;
    for (int i = 0; i < images; i++) {
      for (int c = 0; c < some; c++) {
        int in = from + (i * plan.ic() + c) * plane;
        int to = planesAt + i * planesLength + c * planes.channel();
        planes.copy(x, in, line, column, scratch, to);
      }
    }
  }

  /**
   * Some rows of each panel, the first {@code loose} of them as whole vectors.
   *
   * @param at where the first panel's first row goes
   */
  private void gather(
      Object source,
      int from,
      int first,
      int count,
      int loose,
      ColumnRuns runs,
      Object scratch,
      int at,
      int depth) {
    int nr = kernel.nr();
    for (int p = 0; p < runs.panels(); p++) {
      int to = at + p * nr * depth;
      int middle = first + loose;
      rows.gather(source, from, starts, first, middle, runs, p, false, scratch, to, nr);
      to += loose * nr;
      rows.gather(source, from, starts, middle, first + count, runs, p, true, scratch, to, nr);
    }
  }
}
