package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;

/**
 * The matrix that makes a convolution a product, y = w·col for each image and group: row j = (c,
 * ky, kx) is a channel seen through one kernel tap, column p = (oy, ox) an output pixel, and
 * col[j][p] = x[c][oy·sh − pt + ky·dh][ox·sw − pl + kx·dw], 0 outside the image. The matrix is
 * kh·kw times the image, so it is never whole in memory: algorithms ask for parts of rows, some
 * lines of output pixels at a time.
 */
final class Im2col {
  private final Conv2dPlan plan;
  private final Rows rows;

  Im2col(Conv2dPlan plan) {
    this.plan = plan;
    this.rows = Rows.of(plan.dtype());
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

  /** Whether a row is its channel, unchanged: a 1x1 kernel at stride 1 without padding. */
  boolean isIdentity() {
    return taps() == 1
        && plan.sh() == 1
        && plan.sw() == 1
        && plan.oh() == plan.ih()
        && plan.ow() == plan.iw();
  }

  /**
   * Writes row j at {@code lines} lines of output pixels from {@code line} on.
   *
   * @param image where the group's first channel starts in x
   */
  void read(Object x, int image, int j, int line, int lines, Object to, int at) {
    Window in = window(j, line, lines);
    if (!in.isWhole(plan, lines)) {
      rows.zero(to, at, lines * plan.ow());
    }
    rows.copy(
        x,
        image + in.from,
        plan.sh() * plan.iw(),
        plan.sw(),
        to,
        at + in.line * plan.ow() + in.column,
        plan.ow(),
        in.lines,
        in.columns);
  }

  /** The adjoint of {@link #read}: adds each element to where it would have been read. */
  void add(Object from, int at, int j, int line, int lines, Object x, int image) {
    Window in = window(j, line, lines);
    rows.addBack(
        from,
        at + in.line * plan.ow() + in.column,
        plan.ow(),
        x,
        image + in.from,
        plan.sh() * plan.iw(),
        plan.sw(),
        in.lines,
        in.columns);
  }

  private Window window(int j, int line, int lines) {
    int dy = j / plan.kw() % plan.kh() * plan.dh() - plan.pt();
    int dx = j % plan.kw() * plan.dw() - plan.pl();
    // Inside the image: 0 ≤ oy·sh + dy < ih, and alike for columns.
    int top = Math.clamp(Math.ceilDiv(-dy, plan.sh()), line, line + lines);
    int bottom = Math.clamp(Math.ceilDiv(plan.ih() - dy, plan.sh()), top, line + lines);
    int left = Math.clamp(Math.ceilDiv(-dx, plan.sw()), 0, plan.ow());
    int right = Math.clamp(Math.ceilDiv(plan.iw() - dx, plan.sw()), left, plan.ow());
    if (top == bottom || left == right) {
      return new Window(0, 0, 0, 0, 0);
    }
    int y = top * plan.sh() + dy;
    int x = left * plan.sw() + dx;
    int from = (j / taps() * plan.ih() + y) * plan.iw() + x;
    return new Window(top - line, left, bottom - top, right - left, from);
  }

  /**
   * The part of some lines of a row that lies inside the image.
   *
   * @param line its first line, {@code column} its first column, in output pixels
   * @param from where its first element is read, from the group's first channel on
   */
  private record Window(int line, int column, int lines, int columns, int from) {
    boolean isWhole(Conv2dPlan plan, int lines) {
      return this.lines == lines && columns == plan.ow();
    }
  }
}
