package dev.crema.cpu.conv;

import java.util.Arrays;

/**
 * An image's channels so that every tap of a convolution reads one run of memory, for some lines of
 * outputs at a time. The lines of a phase (see {@link Taps}) lie {@code pitch} apart, their zeros
 * between them: those to the right of a line serve as those to the left of the next. Output (o, q)
 * of a task is then element o·pitch + q of every run, and what lies between lines counts for
 * nothing.
 *
 * <p>Where nothing is padded and nothing strided, the image lies so already, and is read in place.
 */
final class ShiftedImage {
  private final Taps down;
  private final Taps across;
  private final int channels;
  private final int[] phasesDown;
  private final int[] phasesAcross;
  private final boolean inPlace;
  private final int left;
  private final int pitch;

  /**
   * @param inPlace whether the image may be read where it is, if it lies right
   */
  ShiftedImage(Taps down, Taps across, int channels, boolean inPlace) {
    this.down = down;
    this.across = across;
    this.channels = channels;
    this.phasesDown = down.phases();
    this.phasesAcross = across.phases();
    this.inPlace =
        inPlace
            && down.stride() == 1
            && across.stride() == 1
            && Math.min(down.minShift(), across.minShift()) >= 0
            && down.behind() == 0
            && across.behind() == 0;
    this.left = this.inPlace ? 0 : across.before();
    int zeros = this.inPlace ? 0 : Math.max(left, across.behind());
    this.pitch = Math.max(across.lines() + zeros, across.outputs());
  }

  boolean inPlace() {
    return inPlace;
  }

  /** How far apart lines are. */
  int pitch() {
    return pitch;
  }

  /** How many planes there are: one to a channel and phase. */
  int planes() {
    return channels * phasesDown.length * phasesAcross.length;
  }

  /** Rows of the operand: channels times taps. */
  int rows() {
    return channels * down.count() * across.count();
  }

  /** From the first output of so many lines to the last, with what lies between. */
  int outputs(int lines) {
    return (lines - 1) * pitch + across.outputs();
  }

  /** Elements of a plane for so many lines of outputs. */
  private int plane(int lines) {
    return inPlace ? down.source() * pitch : left + (lines + span()) * pitch;
  }

  private int span() {
    return down.maxShift() - down.minShift();
  }

  /** Elements of all planes for so many lines of outputs. */
  int length(int lines) {
    return planes() * plane(lines);
  }

  /** Where the runs start that a task's outputs read: in order of channel, tap down, tap across. */
  int[] starts(int lines) {
    int[] starts = new int[rows()];
    int phases = phasesDown.length * phasesAcross.length;
    int j = 0;
    for (int c = 0; c < channels; c++) {
      for (int ty = 0; ty < down.count(); ty++) {
        int line = down.shift()[ty] - (inPlace ? 0 : down.minShift());
        int fy = Arrays.binarySearch(phasesDown, down.phase()[ty]);
        for (int tx = 0; tx < across.count(); tx++) {
          int fx = Arrays.binarySearch(phasesAcross, across.phase()[tx]);
          int plane = c * phases + fy * phasesAcross.length + fx;
          starts[j++] = plane * plane(lines) + line * pitch + left + across.shift()[tx];
        }
      }
    }
    return starts;
  }

  /**
   * Copies what outputs {@code line} .. line + high read, with zeros around.
   *
   * @param in where the first channel is in x
   * @param lines for how many lines of outputs the planes are made
   */
  void copy(Rows rows, Object x, int in, int line, int high, int lines, Object to) {
    copy(rows, x, in, line, high, lines, true, to, 0);
  }

  /**
   * The same from {@code at} on.
   *
   * @param zeros false where there lies such a copy of these lines already, whose zeros may stay
   */
  void copy(
      Rows rows,
      Object x,
      int in,
      int line,
      int high,
      int lines,
      boolean zeros,
      Object to,
      int at) {
    int first = line + down.minShift();
    int top = Math.clamp(-first, 0, high + span());
    for (int c = 0; c < channels; c++) {
      for (int fy : phasesDown) {
        int bottom = Math.clamp(down.lines(fy) - first, top, high + span());
        for (int fx : phasesAcross) {
          int n = across.lines(fx);
          if (zeros) {
            zero(rows, top, bottom, high + span(), n, to, at);
          }
          rows.copy(
              x,
              in + ((first + top) * down.stride() + fy) * across.source() + fx,
              down.stride() * across.source(),
              across.stride(),
              to,
              at + left + top * pitch,
              pitch,
              bottom - top,
              n);
          at += plane(lines);
        }
      }
      in += down.source() * across.source();
    }
  }

  /** What lies around lines {@code top .. bottom} of {@code n} elements, of {@code end} lines. */
  private void zero(Rows rows, int top, int bottom, int end, int n, Object to, int at) {
    rows.zero(to, at, left + top * pitch);
    for (int i = top; i < bottom; i++) {
      rows.zero(to, at + left + i * pitch + n, pitch - n);
    }
    rows.zero(to, at + left + bottom * pitch, (end - bottom) * pitch);
  }
}
