package dev.crema.cpu.conv;

import dev.crema.cpu.Scratch;

/**
 * A convolution of few channels and results in a group, in vector loops: a {@link ShiftedImage} of
 * a group's planes, or of some of their lines, is made in scratch, the {@link TapSums sums} of each
 * result lie line after line behind it, and from there lines go to their places, without what lies
 * between. All that stays in the L1 cache.
 */
final class DepthwisePlanes {
  /** Elements of source and sums, about: 32 kB of f32. */
  private static final int ELEMENTS = 8 * 1024;

  private final Shifted.Problem p;
  private final Operand w;
  private final Taps down;
  private final Taps across;
  private final Rows rows;
  private final TapSums taps;
  private final ShiftedImage image;

  /** Into how many blocks of lines a plane is cut, and the lines of one. */
  private final int blocks;

  private final int lines;

  /** Where each tap's run starts in the source. */
  private final int[] starts;

  /** Elements of a group's source, and of one of its results. */
  private final int source;

  private final int sums;

  /**
   * @param w [groups][results][channels][ty][tx]
   */
  DepthwisePlanes(Shifted.Problem problem, Operand w, int blocks) {
    this.p = problem;
    this.w = w;
    this.down = p.down();
    this.across = p.across();
    this.rows = Rows.of(p.dtype());
    this.taps = TapSums.of(p.dtype());
    this.image = new ShiftedImage(down, across, p.channels(), false);
    this.blocks = blocks;
    this.lines = Math.ceilDiv(down.outputs(), blocks);
    this.starts = image.starts(lines);
    int run = image.outputs(lines);
    this.source = image.length(lines) + run + taps.slack();
    this.sums = run + taps.slack();
  }

  /** Into how many blocks of lines planes should be cut, so that one fits into the cache. */
  static int blocks(Shifted.Problem p) {
    var image = new ShiftedImage(p.down(), p.across(), p.channels(), false);
    int perLine = image.pitch() * (image.planes() + 1);
    return Math.ceilDiv(p.down().outputs(), Math.max(1, ELEMENTS / perLine));
  }

  /** Vector operations for a block of one group, about, in elements. */
  long work() {
    return source + (long) p.results() * sums * (1 + starts.length / 4);
  }

  /** Computes blocks {@code from .. to}, which are numbered [image][group][block]. */
  void run(int from, int to, Operand x, Epilogue epilogue, Operand y) {
    Object scratch = Scratch.of(p.dtype(), (long) source + sums);
    for (int i = from; i < to; i++) {
      int group = i / blocks;
      int line = i % blocks * lines;
      int high = Math.min(lines, down.outputs() - line);
      if (high > 0) {
        int in = x.at() + group * p.channels() * down.source() * across.source();
        boolean zeros = blocks > 1 || i == from;
        image.copy(rows, x.array(), in, line, high, lines, zeros, scratch, 0);
        for (int result = 0; result < p.results(); result++) {
          sums(group, result, high, epilogue, scratch);
          store(group, result, line, high, scratch, y);
        }
      }
    }
    Scratch.give(scratch);
  }

  private void sums(int group, int result, int high, Epilogue epilogue, Object scratch) {
    Operand bias = epilogue.bias();
    int channel = group % p.groups() * p.results() + result;
    taps.run(
        scratch,
        0,
        starts,
        w.array(),
        w.at() + channel * starts.length,
        bias == null ? null : bias.array(),
        bias == null ? 0 : bias.at() + channel,
        epilogue.relu(),
        scratch,
        source,
        image.outputs(high));
  }

  private void store(int group, int result, int line, int high, Object scratch, Operand y) {
    int place = (p.firstDown() + line * p.stepDown()) * p.width() + p.firstAcross();
    rows.spread(
        scratch,
        source,
        image.pitch(),
        y.array(),
        y.at() + (group * p.results() + result) * p.height() * p.width() + place,
        p.stepDown() * p.width(),
        p.stepAcross(),
        high,
        across.outputs());
  }
}
