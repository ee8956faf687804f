package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.tensor.DType;

/**
 * A convolution as a product whose right operand is the {@link ShiftedImage} itself. Row j = (c,
 * ty, tx) of the operand is source channel c shifted by one tap's distance, so it needs no column
 * matrix: a table says where in the image each row starts, and an indexed register tile reads it
 * there.
 *
 * <p>A task is some lines of one image's group: sums go to scratch, which stays in the L2 cache,
 * and from there line by line to the result, without those between lines.
 */
final class Shifted {
  /** Elements of source and sums in a task, about: a megabyte of f32. */
  private static final int TASK = 256 * 1024;

  /**
   * What is computed.
   *
   * @param channels of the source, in a group; {@code results} of the result
   * @param firstDown where the result's first line lies, and {@code stepDown} how far apart they
   *     are
   * @param height of the result's image, of which these lines are a part
   */
  record Problem(
      DType dtype,
      int images,
      int groups,
      int channels,
      int results,
      Taps down,
      Taps across,
      int firstDown,
      int stepDown,
      int height,
      int firstAcross,
      int stepAcross,
      int width) {

    static Problem forward(Conv2dPlan p) {
      return new Problem(
          p.dtype(),
          p.n(),
          p.groups(),
          p.icPerGroup(),
          p.ocPerGroup(),
          Taps.down(p),
          Taps.across(p),
          0,
          1,
          p.oh(),
          0,
          1,
          p.ow());
    }

    /** The lines {@code i}, i + sh … and columns {@code j}, j + sw … of the image's gradient. */
    static Problem backwardInput(Conv2dPlan p, int i, int j) {
      return new Problem(
          p.dtype(),
          p.n(),
          p.groups(),
          p.ocPerGroup(),
          p.icPerGroup(),
          Taps.backDown(p, i),
          Taps.backAcross(p, j),
          i,
          p.sh(),
          p.ih(),
          j,
          p.sw(),
          p.iw());
    }
  }

  private final Problem p;
  private final Taps down;
  private final Taps across;
  private final GemmKernel kernel;
  private final Rows rows;
  private final BufferPool pool = BufferPool.shared();
  private final ShiftedImage image;
  private final int k;
  private final int pitch;

  /** Whether the result is written where it is. */
  private final boolean direct;

  /** Lines of a task, and tasks to an image's group. */
  private final int lines;

  private final int blocks;

  /**
   * Where each row of the operand starts, from the task's first output on; and the last of them.
   */
  private final int[] starts;

  private final int lastStart;

  Shifted(Problem problem) {
    this.p = problem;
    this.down = p.down;
    this.across = p.across;
    this.kernel = GemmKernel.of(p.dtype);
    this.rows = Rows.of(p.dtype);
    this.image = new ShiftedImage(down, across, p.channels, true);
    this.k = image.rows();
    this.pitch = image.pitch();
    this.direct =
        p.stepDown == 1
            && p.stepAcross == 1
            && p.width == across.outputs()
            && p.width == pitch
            && p.height == down.outputs();
    this.lines = lines();
    this.blocks = Math.ceilDiv(down.outputs(), lines);
    this.starts = image.starts(lines);
    this.lastStart = largest(starts);
  }

  /** Not a stream: this is on the way of every small convolution, and streams start slowly. */
  private static int largest(int[] starts) {
    int largest = 0;
    for (int start : starts) {
      largest = Math.max(largest, start);
    }
    return largest;
  }

  /** All, unless that is too much for a cache, or too little for all threads. */
  private int lines() {
    long perLine = (long) pitch * (image.planes() + p.results);
    long fitting = Math.max(1, TASK / Math.max(1, perLine));
    long work = (long) p.results * k * pitch * down.outputs() * p.images * p.groups;
    long tasks = Gemm.isParallel(work) ? 4L * Parallel.idleThreads() : 1;
    long wanted = Math.ceilDiv(tasks, Math.max(1, (long) p.images * p.groups));
    long few = Math.max(1, Math.ceilDiv(down.outputs(), wanted));
    int blocks = (int) Math.ceilDiv(down.outputs(), Math.min(fitting, few));
    return Math.ceilDiv(down.outputs(), blocks);
  }

  /**
   * Computes everything.
   *
   * @param weight for each group [results][k]
   */
  void run(Operand x, PackedWeight weight, Epilogue epilogue, Operand y) {
    long work = (long) p.results * k * pitch * lines;
    int length = image.inPlace() ? 0 : Math.max(image.length(lines), lastStart + wide(lines));
    Parallel.range(
        p.images * p.groups * blocks,
        Gemm.grain(work),
        (from, to) -> {
          Object source = pool.take(p.dtype, length);
          Object sums = pool.take(p.dtype, direct ? 0 : (long) p.results * wide(lines));
          for (int task = from; task < to; task++) {
            int line = task % blocks * lines;
            int group = task / blocks % p.groups;
            int index = task / blocks / p.groups;
            block(x, index, group, line, weight, epilogue, source, sums, y);
          }
          pool.give(sums);
          pool.give(source);
        });
  }

  /** Whole vectors of the outputs of so many lines, and what lies between them. */
  private int wide(int lines) {
    return Gemm.roundUp(image.outputs(lines), kernel.lanes());
  }

  private void block(
      Operand x,
      int index,
      int group,
      int line,
      PackedWeight weight,
      Epilogue epilogue,
      Object scratch,
      Object sums,
      Operand y) {
    int high = Math.min(lines, down.outputs() - line);
    int plane = down.source() * across.source();
    int in = x.at() + (index * p.groups + group) * p.channels * plane;
    int out = y.at() + (index * p.groups + group) * p.results * p.height * p.width;
    Object source = x.array();
    int at = in + line * pitch;
    Object copied = null;
    if (!image.inPlace()) {
      image.copy(rows, x.array(), in, line, high, lines, scratch);
      source = scratch;
      at = 0;
    } else if (at + lastStart + wide(high) > x.length()) {
      // Whole vectors would read past the array's end.
      int rest = p.channels * plane - line * pitch;
      copied = pool.take(p.dtype, lastStart + wide(high));
      System.arraycopy(x.array(), at, copied, 0, rest);
      source = copied;
      at = 0;
    }
    if (direct) {
      direct(source, at, group, high, weight, epilogue, y, out + line * p.width);
    } else {
      int wide = wide(high);
      multiply(source, at, group, wide, weight, epilogue, sums, 0, wide);
      store(sums, wide, line, high, y, out);
    }
    if (copied != null) {
      pool.give(copied);
    }
  }

  /**
   * Outputs that lie in the result as they do in the sums: only the last, short vector does not.
   */
  private void direct(
      Object source,
      int at,
      int group,
      int high,
      PackedWeight weight,
      Epilogue epilogue,
      Operand y,
      int out) {
    int count = image.outputs(high);
    int whole = count - count % kernel.lanes();
    int plane = p.height * p.width;
    if (whole > 0) {
      multiply(source, at, group, whole, weight, epilogue, y.array(), out, plane);
    }
    if (whole < count) {
      int lanes = kernel.lanes();
      Object end = pool.take(p.dtype, (long) p.results * lanes);
      multiply(source, at + whole, group, lanes, weight, epilogue, end, 0, lanes);
      kernel.put(end, lanes, p.results, count - whole, false, false, y.array(), out + whole, plane);
      pool.give(end);
    }
  }

  /** c[results][n] = the group's weight times the operand's columns from {@code at} on. */
  private void multiply(
      Object source,
      int at,
      int group,
      int n,
      PackedWeight weight,
      Epilogue epilogue,
      Object c,
      int co,
      int ldc) {
    Operand bias = epilogue.bias();
    int q = 0;
    do { // once even for an empty sum, which is the bias
      int depth = Math.min(kernel.kc(), k - q);
      kernel.multiplyRows(
          weight.panels(),
          weight.at(group, q),
          source,
          at,
          starts,
          q,
          p.results,
          n,
          depth,
          bias != null && q == 0 ? bias.array() : null,
          bias == null ? 0 : bias.at() + group * p.results,
          q > 0,
          epilogue.relu() && q + depth == k,
          c,
          co,
          ldc);
      q += kernel.kc();
    } while (q < k);
  }

  /** The sums of each line, without those between lines, to their places. */
  private void store(Object sums, int ld, int line, int high, Operand y, int out) {
    int at = out + (p.firstDown + line * p.stepDown) * p.width + p.firstAcross;
    for (int o = 0; o < p.results; o++) {
      rows.spread(
          sums,
          o * ld,
          pitch,
          y.array(),
          at + o * p.height * p.width,
          p.stepDown * p.width,
          p.stepAcross,
          high,
          across.outputs());
    }
  }
}
