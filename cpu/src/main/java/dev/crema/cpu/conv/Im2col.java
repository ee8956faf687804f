package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;

/**
 * The matrix that makes a convolution a product, y = w·col for each image and group: row j = (c,
 * ky, kx) is a channel seen through one kernel tap, column p = (oy, ox) an output pixel, and
 * col[j][p] = x[c][oy·sh − pt + ky·dh][ox·sw − pl + kx·dw], 0 outside the image. The matrix is
 * kh·kw times the image, so it is never whole in memory: algorithms ask for parts of rows.
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
   * to[at + i] = col[j][p + i], for i below count.
   *
   * @param image where the group's first channel starts in x
   */
  void read(Object x, int image, int j, int p, int count, Object to, int at) {
    Tap tap = tap(j);
    int end = at + count;
    int oy = p / plan.ow();
    int ox = p % plan.ow();
    while (at < end) {
      int stop = Math.min(plan.ow(), ox + end - at);
      int y = tap.y(plan, oy);
      int first = y < 0 || y >= plan.ih() ? stop : Math.clamp(tap.first, ox, stop);
      int last = Math.clamp(tap.last, first, stop);
      rows.zero(to, at, first - ox);
      if (first < last) {
        int from = image + tap.plane + y * plan.iw() + tap.x(plan, first);
        rows.copy(x, from, plan.sw(), to, at + first - ox, last - first);
      }
      rows.zero(to, at + last - ox, stop - last);
      at += stop - ox;
      oy++;
      ox = 0;
    }
  }

  /** The adjoint of {@link #read}: what came from an element of x is added to it. */
  void add(Object from, int at, int j, int p, int count, Object x, int image) {
    Tap tap = tap(j);
    int end = at + count;
    int oy = p / plan.ow();
    int ox = p % plan.ow();
    while (at < end) {
      int stop = Math.min(plan.ow(), ox + end - at);
      int y = tap.y(plan, oy);
      int first = y < 0 || y >= plan.ih() ? stop : Math.clamp(tap.first, ox, stop);
      int last = Math.clamp(tap.last, first, stop);
      if (first < last) {
        int to = image + tap.plane + y * plan.iw() + tap.x(plan, first);
        rows.add(from, at + first - ox, x, to, plan.sw(), last - first);
      }
      at += stop - ox;
      oy++;
      ox = 0;
    }
  }

  private Tap tap(int j) {
    int kx = j % plan.kw();
    int ky = j / plan.kw() % plan.kh();
    int c = j / taps();
    int dx = kx * plan.dw() - plan.pl();
    // Inside the image: 0 ≤ ox·sw + dx < iw.
    int first = Math.ceilDiv(-dx, plan.sw());
    int last = Math.ceilDiv(plan.iw() - dx, plan.sw());
    return new Tap(c * plan.ih() * plan.iw(), ky * plan.dh() - plan.pt(), dx, first, last);
  }

  /**
   * A row's channel and tap.
   *
   * @param plane where the channel starts
   * @param dy how far below its output row (times stride) the tap reads
   * @param dx how far to the right
   * @param first the first output column whose tap is inside the image
   * @param last one past the last
   */
  private record Tap(int plane, int dy, int dx, int first, int last) {
    int y(Conv2dPlan plan, int oy) {
      return oy * plan.sh() + dy;
    }

    int x(Conv2dPlan plan, int ox) {
      return ox * plan.sw() + dx;
    }
  }
}
