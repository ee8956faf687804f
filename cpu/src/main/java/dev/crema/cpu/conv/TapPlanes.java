package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;

/**
 * Some channels of an image so that every tap of a convolution reads runs of memory, for a window
 * of output pixels: with a stride, every residue of it becomes a plane of its own, and what lies
 * outside the image is zero. Output (oy, ox) of the window reads, for every tap, the element
 * oy·{@link #pitch} + ox after the tap's {@link #start}.
 */
final class TapPlanes {
  private final Conv2dPlan plan;
  private final Rows rows;
  private final Taps down;
  private final Taps across;
  private final int[] phasesDown;
  private final int[] phasesAcross;
  private final int lines;
  private final int pitch;

  /**
   * @param lines of output pixels in a window, at most
   * @param columns of output pixels in a window
   */
  TapPlanes(Conv2dPlan plan, int lines, int columns) {
    this.plan = plan;
    this.rows = Rows.of(plan.dtype());
    this.down = Taps.down(plan);
    this.across = Taps.across(plan);
    this.phasesDown = down.phases();
    this.phasesAcross = across.phases();
    this.lines = lines + down.maxShift() - down.minShift();
    this.pitch = columns + across.maxShift() - across.minShift();
  }

  /** How far apart lines are. */
  int pitch() {
    return pitch;
  }

  /** Elements of a channel. */
  int channel() {
    return phasesDown.length * phasesAcross.length * lines * pitch;
  }

  /** Where the runs of {@code channels} channels start, channel by channel and tap by tap. */
  int[] starts(int channels) {
    int[] starts = new int[channels * down.count() * across.count()];
    int j = 0;
    for (int c = 0; c < channels; c++) {
      for (int ky = 0; ky < down.count(); ky++) {
        for (int kx = 0; kx < across.count(); kx++) {
          starts[j++] = c * channel() + start(ky, kx);
        }
      }
    }
    return starts;
  }

  private int start(int ky, int kx) {
    int line = down.shift()[ky] - down.minShift();
    int column = across.shift()[kx] - across.minShift();
    int plane = 0;
    for (int phase : phasesDown) {
      plane += phase < down.phase()[ky] ? phasesAcross.length : 0;
    }
    for (int phase : phasesAcross) {
      plane += phase < across.phase()[kx] ? 1 : 0;
    }
    return (plane * lines + line) * pitch + column;
  }

  /**
   * Copies one channel for the window whose first output is (oy, ox), but not what is outside the
   * image: that must be zero already, as it is behind another channel's copy for the same window.
   *
   * @param from where the channel is in x
   */
  void copy(Object x, int from, int oy, int ox, Object to, int at) {
    int top = oy + down.minShift();
    int left = ox + across.minShift();
    for (int fy : phasesDown) {
      int firstLine = Math.clamp(0, top, top + lines);
      int endLine = Math.clamp(down.lines(fy), firstLine, top + lines);
      for (int fx : phasesAcross) {
        int first = Math.clamp(0, left, left + pitch);
        int end = Math.clamp(across.lines(fx), first, left + pitch);
        rows.copy(
            x,
            from + (firstLine * plan.sh() + fy) * plan.iw() + first * plan.sw() + fx,
            plan.sh() * plan.iw(),
            plan.sw(),
            to,
            at + (firstLine - top) * pitch + first - left,
            pitch,
            endLine - firstLine,
            end - first);
        at += lines * pitch;
      }
    }
  }
}
