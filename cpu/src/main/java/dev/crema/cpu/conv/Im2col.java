package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;

/**
 * The matrix that makes a convolution a product, y = w·col for each image and group: row j = (c,
 * ky, kx) is a channel seen through one kernel tap, column p = (oy, ox) an output pixel, and
 * col[j][p] = x[c][oy·sh − pt + ky·dh][ox·sw − pl + kx·dw], 0 outside the image. The matrix is
 * kh·kw times the image, so it is never whole in memory: algorithms ask for parts of rows, some
 * lines of output pixels at a time, or a part of one where lines are long.
 */
final class Im2col {
  private final Conv2dPlan plan;
  private final Rows rows;
  private final Axis vertical;
  private final Axis horizontal;

  Im2col(Conv2dPlan plan) {
    this.plan = plan;
    this.rows = Rows.of(plan.dtype());
    this.vertical = Axis.of(plan.ih(), plan.oh(), plan.kh(), plan.sh(), plan.pt(), plan.dh());
    this.horizontal = Axis.of(plan.iw(), plan.ow(), plan.kw(), plan.sw(), plan.pl(), plan.dw());
  }

  /** The number of rows: channels of a group times taps. */
  int rows() {
    return plan.icPerGroup() * taps();
  }

  /** Rows per channel. */
  int taps() {
    return plan.kh() * plan.kw();
  }

  /** The number of columns: output pixels. */
  int columns() {
    return plan.oh() * plan.ow();
  }

  /**
   * Writes row j at a block of output pixels: {@code lines} lines from {@code line} on, of each
   * {@code columns} columns from {@code column} on.
   *
   * @param image where the group's first channel starts in x
   */
  void read(
      Object x, int image, int j, int line, int lines, int column, int columns, Object to, int at) {
    int c = j / taps();
    int ky = (j - c * taps()) / plan.kw();
    int kx = j - c * taps() - ky * plan.kw();
    int top = Math.clamp(vertical.first[ky], line, line + lines);
    int bottom = Math.clamp(vertical.end[ky], top, line + lines);
    int left = Math.clamp(horizontal.first[kx], column, column + columns);
    int right = Math.clamp(horizontal.end[kx], left, column + columns);
    if (bottom - top < lines || right - left < columns) {
      rows.zero(to, at, lines * columns);
    }
    int from = (c * plan.ih() + vertical.in(ky, top)) * plan.iw() + horizontal.in(kx, left);
    rows.copy(
        x,
        image + from,
        plan.sh() * plan.iw(),
        plan.sw(),
        to,
        at + (top - line) * columns + left - column,
        columns,
        bottom - top,
        right - left);
  }

  /** The adjoint of {@link #read}: adds each element to where it would have been read. */
  void add(
      Object from,
      int at,
      int j,
      int line,
      int lines,
      int column,
      int columns,
      Object x,
      int image) {
    int c = j / taps();
    int ky = (j - c * taps()) / plan.kw();
    int kx = j - c * taps() - ky * plan.kw();
    int top = Math.clamp(vertical.first[ky], line, line + lines);
    int bottom = Math.clamp(vertical.end[ky], top, line + lines);
    int left = Math.clamp(horizontal.first[kx], column, column + columns);
    int right = Math.clamp(horizontal.end[kx], left, column + columns);
    int to = (c * plan.ih() + vertical.in(ky, top)) * plan.iw() + horizontal.in(kx, left);
    rows.addBack(
        from,
        at + (top - line) * columns + left - column,
        columns,
        x,
        image + to,
        plan.sh() * plan.iw(),
        plan.sw(),
        bottom - top,
        right - left);
  }

  /**
   * One axis of the image: for each kernel tap, which outputs read inside the image.
   *
   * @param first the first of them
   * @param end one past the last, never before first
   * @param shift where in the image output 0 would read
   */
  private record Axis(int stride, int[] first, int[] end, int[] shift) {
    static Axis of(int in, int out, int k, int stride, int pad, int dilation) {
      Axis axis = new Axis(stride, new int[k], new int[k], new int[k]);
      for (int tap = 0; tap < k; tap++) {
        int shift = tap * dilation - pad;
        axis.shift[tap] = shift;
        axis.first[tap] = Math.clamp(Math.ceilDiv(-shift, stride), 0, out);
        axis.end[tap] = Math.clamp(Math.ceilDiv(in - shift, stride), axis.first[tap], out);
      }
      return axis;
    }

    /** Where in the image an output reads. */
    int in(int tap, int output) {
      return output * stride + shift[tap];
    }
  }
}
