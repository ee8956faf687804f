package dev.crema.backend;

import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * A 2-D pooling of [n, c, ih, iw] to [n, c, oh, ow]. The windows of each axis are written out, so
 * that ordinary, global and adaptive pooling are one kernel: output row {@code i} covers input rows
 * {@code h.start(i)}, {@code h.start(i) + h.step()}, … below {@code h.end(i)}, all inside the
 * image.
 *
 * @param format how x, y and their companions lie in memory
 */
public record Pool2dPlan(
    DType dtype,
    int n,
    int c,
    int ih,
    int iw,
    int oh,
    int ow,
    Windows h,
    Windows w,
    MemoryFormat format) {

  /**
   * How the windows of one axis follow each other: window {@code i} spans {@code span} pixels from
   * {@code i·stride − pad} on, of which those inside the image count; with {@code countPad}, those
   * in the padding do in the divisor. An adaptive axis of {@code size} pixels has no stride (0):
   * window {@code i} of {@code count} covers ⌊i·size/count⌋ to ⌈(i+1)·size/count⌉.
   */
  public record Rule(int stride, int pad, int span, int step, boolean countPad) {
    static final Rule ADAPTIVE = new Rule(0, 0, 0, 1, false);
  }

  /** The windows of one axis. */
  public static final class Windows {
    private final int[] start;
    private final int[] end;
    private final int[] divisor;
    private final Rule rule;

    private Windows(int count, Rule rule) {
      this.start = new int[count];
      this.end = new int[count];
      this.divisor = new int[count];
      this.rule = rule;
    }

    public int count() {
      return start.length;
    }

    /** The first input index of window {@code i}. */
    public int start(int i) {
      return start[i];
    }

    /** One past the last input index of window {@code i}. */
    public int end(int i) {
      return end[i];
    }

    /** This axis's factor of what an average over window {@code i} divides by. */
    public int divisor(int i) {
      return divisor[i];
    }

    /** The distance between taps. */
    public int step() {
      return rule.step;
    }

    /** What the windows follow from, for kernels that rather compute them than read them. */
    public Rule rule() {
      return rule;
    }

    static Windows sliding(
        int size, int count, int k, int stride, int pad, int dilation, boolean countPad) {
      int span = (int) Math.min(dilation * (k - 1L) + 1, Integer.MAX_VALUE / 2);
      Windows windows = new Windows(count, new Rule(stride, pad, span, dilation, countPad));
      for (int i = 0; i < count; i++) {
        int from = i * stride - pad;
        int padded = Math.min(from + span, size + pad);
        int first = from < 0 ? from + Math.ceilDiv(-from, dilation) * dilation : from;
        windows.start[i] = first;
        windows.end[i] = Math.min(from + span, size);
        windows.divisor[i] =
            Math.ceilDiv(countPad ? padded - from : windows.end[i] - first, dilation);
      }
      return windows;
    }

    /** Whether some window has no tap inside the image: dilation can step over all of it. */
    private boolean anyEmpty() {
      for (int i = 0; i < start.length; i++) {
        if (start[i] >= end[i]) {
          return true;
        }
      }
      return false;
    }

    static Windows adaptive(int size, int count) {
      Windows windows = new Windows(count, Rule.ADAPTIVE);
      for (int i = 0; i < count; i++) {
        windows.start[i] = (int) ((long) i * size / count);
        windows.end[i] = (int) Math.ceilDiv((i + 1L) * size, count);
        windows.divisor[i] = windows.end[i] - windows.start[i];
      }
      return windows;
    }
  }

  /** Checks a sliding pooling of [n, c, ih, iw] or one image [c, ih, iw], all faults together. */
  public static Pool2dPlan check(String op, DType dtype, Shape x, Pool2dOptions o) {
    checkImage(op, dtype, x);
    List<String> faults = new ArrayList<>();
    if (o.kh() < 1 || o.kw() < 1 || o.sh() < 1 || o.sw() < 1 || o.dh() < 1 || o.dw() < 1) {
      faults.add(
          "kernel, stride and dilation must be at least 1, got kernel (%s, %s), stride (%s, %s), dilation (%s, %s)"
              .formatted(o.kh(), o.kw(), o.sh(), o.sw(), o.dh(), o.dw()));
    } else if (o.ph() < 0 || o.pw() < 0 || o.ph() > o.kh() / 2 || o.pw() > o.kw() / 2) {
      faults.add(
          "padding must be between 0 and half the kernel, got padding (%s, %s), kernel (%s, %s)"
              .formatted(o.ph(), o.pw(), o.kh(), o.kw()));
    }
    fail(op, faults, x);
    int ih = x.toInt(op, x.size(-2));
    int iw = x.toInt(op, x.size(-1));
    int oh = outSize(op, x, ih, o.kh(), o.sh(), o.ph(), o.dh(), o.ceilMode());
    int ow = outSize(op, x, iw, o.kw(), o.sw(), o.pw(), o.dw(), o.ceilMode());
    if (oh < 1 || ow < 1) {
      faults.add(
          "nothing is left: the window spans %sx%s pixels, the padded input has %sx%s"
              .formatted(
                  o.dh() * (o.kh() - 1L) + 1,
                  o.dw() * (o.kw() - 1L) + 1,
                  ih + 2L * o.ph(),
                  iw + 2L * o.pw()));
    }
    fail(op, faults, x);
    var h = Windows.sliding(ih, oh, o.kh(), o.sh(), o.ph(), o.dh(), o.countIncludePad());
    var w = Windows.sliding(iw, ow, o.kw(), o.sw(), o.pw(), o.dw(), o.countIncludePad());
    if (h.anyEmpty() || w.anyEmpty()) {
      faults.add("a window lies in the padding alone. Hint: pad less, or dilate less");
    }
    fail(op, faults, x);
    return new Pool2dPlan(
        dtype,
        x.rank() == 3 ? 1 : x.toInt(op, x.size(0)),
        x.toInt(op, x.size(-3)),
        ih,
        iw,
        oh,
        ow,
        h,
        w,
        MemoryFormat.CONTIGUOUS);
  }

  /** Checks an adaptive pooling to oh x ow: window i covers ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉. */
  public static Pool2dPlan adaptive(String op, DType dtype, Shape x, int oh, int ow) {
    checkImage(op, dtype, x);
    int ih = x.toInt(op, x.size(-2));
    int iw = x.toInt(op, x.size(-1));
    if (oh < 1 || ow < 1 || ih < 1 || iw < 1) {
      throw new ShapeException(
          "%s: expected an input and an output of at least 1x1 pixels, got input %s and output %sx%s"
              .formatted(op, x, oh, ow));
    }
    return new Pool2dPlan(
        dtype,
        x.rank() == 3 ? 1 : x.toInt(op, x.size(0)),
        x.toInt(op, x.size(-3)),
        ih,
        iw,
        oh,
        ow,
        Windows.adaptive(ih, oh),
        Windows.adaptive(iw, ow),
        MemoryFormat.CONTIGUOUS);
  }

  /** The same pooling of tensors that lie in this format. */
  public Pool2dPlan in(MemoryFormat other) {
    return other == format ? this : new Pool2dPlan(dtype, n, c, ih, iw, oh, ow, h, w, other);
  }

  private static void checkImage(String op, DType dtype, Shape x) {
    if (!dtype.isFloating()) {
      throw new DTypeException("%s: expected f32 or f64, got %s %s".formatted(op, dtype, x));
    }
    if (x.rank() < 3 || x.rank() > 4) {
      throw new ShapeException(
          "%s: expected [n, c, ih, iw], or one image [c, ih, iw], got %s. Hint: unsqueeze(0) adds a dimension in front"
              .formatted(op, x));
    }
  }

  private static void fail(String op, List<String> faults, Shape x) {
    if (!faults.isEmpty()) {
      throw new ShapeException("%s: input %s: %s".formatted(op, x, String.join("; ", faults)));
    }
  }

  /**
   * PyTorch's rule: with ceil mode, a last window that starts inside the padded image counts,
   * unless it starts in the right padding.
   */
  private static int outSize(
      String op, Shape x, int size, int k, int stride, int pad, int dilation, boolean ceil) {
    long free = size + 2L * pad - dilation * (k - 1L) - 1;
    long out = Math.floorDiv(ceil ? free + stride - 1 : free, stride) + 1;
    out = ceil && (out - 1) * stride >= size + pad ? out - 1 : out;
    return x.toInt(op, Math.max(0, out));
  }

  public Shape xShape() {
    return Shape.of(n, c, ih, iw);
  }

  public Shape yShape() {
    return Shape.of(n, c, oh, ow);
  }
}
