package dev.crema.backend;

import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Padding;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A 2-D convolution (cross-correlation, as everywhere in the field) with zero padding, checked and
 * with every size derived. The image x is [n, ic, ih, iw], the weight w [oc, ic/groups, kh, kw],
 * the result y [n, oc, oh, ow], with oh = ⌊(ih + pt + pb − dh(kh − 1) − 1) / sh⌋ + 1 and ow alike.
 *
 * @param pt rows of zeros above the image
 * @param pb rows of zeros below
 * @param pl columns of zeros to the left
 * @param pr columns of zeros to the right
 * @param format how x, w and y lie in memory, all three
 */
public record Conv2dPlan(
    DType dtype,
    int n,
    int ic,
    int ih,
    int iw,
    int oc,
    int oh,
    int ow,
    int kh,
    int kw,
    int sh,
    int sw,
    int pt,
    int pb,
    int pl,
    int pr,
    int dh,
    int dw,
    int groups,
    MemoryFormat format) {
  private static final String ONE_CHANNEL =
      "a grey image is [1, ih, iw]: unsqueeze(0) makes one of [ih, iw], unsqueeze(1) a batch of [n,"
          + " ih, iw]";

  /** A plan of row-major tensors. */
  public Conv2dPlan(
      DType dtype,
      int n,
      int ic,
      int ih,
      int iw,
      int oc,
      int oh,
      int ow,
      int kh,
      int kw,
      int sh,
      int sw,
      int pt,
      int pb,
      int pl,
      int pr,
      int dh,
      int dw,
      int groups) {
    this(
        dtype,
        n,
        ic,
        ih,
        iw,
        oc,
        oh,
        ow,
        kh,
        kw,
        sh,
        sw,
        pt,
        pb,
        pl,
        pr,
        dh,
        dw,
        groups,
        MemoryFormat.CONTIGUOUS);
  }

  /** The same convolution of tensors that lie in this format. */
  public Conv2dPlan in(MemoryFormat other) {
    return other == format
        ? this
        : new Conv2dPlan(
            dtype, n, ic, ih, iw, oc, oh, ow, kh, kw, sh, sw, pt, pb, pl, pr, dh, dw, groups,
            other);
  }

  /**
   * Checks image, weight and bias against each other and the options, all faults together.
   *
   * @param image [n, ic, ih, iw], or one image [ic, ih, iw], planned as a batch of one
   */
  public static Conv2dPlan check(
      String op,
      DType dtype,
      Shape image,
      DType wDtype,
      Shape w,
      @Nullable Shape bias,
      Conv2dOptions o) {
    if (!dtype.isFloating() || dtype != wDtype) {
      throw new DTypeException(
          "%s: expected input and weight both f32 or both f64, got %s %s and %s %s. Hint: convert with to(DType)"
              .formatted(op, dtype, image, wDtype, w));
    }
    if (image.rank() < 3 || image.rank() > 4 || w.rank() != 4) {
      throw new ShapeException(
          "%s: expected input [n, ic, ih, iw] and weight [oc, ic/groups, kh, kw], got input %s and weight %s%s"
              .formatted(op, image, w, image.rank() == 2 ? ". Hint: " + ONE_CHANNEL : ""));
    }
    Shape x = image.rank() == 3 ? batchOfOne(image) : image;
    List<String> faults = new ArrayList<>();
    String hint = "";
    if (o.groups() < 1) {
      faults.add("groups must be at least 1, got " + o.groups());
    } else {
      long ic = w.size(1) * o.groups();
      if (ic != x.size(1)) {
        faults.add(
            "the weight wants %s (%s x groups %s), the input has %s"
                .formatted(channels(ic), w.size(1), o.groups(), x.size(1)));
        hint = channelHint(image, ic, w, o.groups());
      }
      if (w.size(0) % o.groups() != 0) {
        faults.add(
            "%s output channels do not fall into %s groups".formatted(w.size(0), o.groups()));
      }
    }
    if (o.sh() < 1 || o.sw() < 1 || o.dh() < 1 || o.dw() < 1) {
      faults.add(
          "stride and dilation must be at least 1, got stride (%s, %s), dilation (%s, %s)"
              .formatted(o.sh(), o.sw(), o.dh(), o.dw()));
    }
    if (w.size(2) < 1 || w.size(3) < 1) {
      faults.add("the kernel must be at least 1x1, got %sx%s".formatted(w.size(2), w.size(3)));
    }
    if (bias != null && !bias.equals(Shape.of(w.size(0)))) {
      faults.add("the bias must be [%s], got %s".formatted(w.size(0), bias));
    }
    fail(op, faults, hint, image, w);

    int kh = w.toInt(op, w.size(2));
    int kw = w.toInt(op, w.size(3));
    Padding.Explicit p = explicit(op, o, w);
    long spanH = o.dh() * (kh - 1L) + 1;
    long spanW = o.dw() * (kw - 1L) + 1;
    long freeH = x.size(2) + p.top() + p.bottom() - spanH;
    long freeW = x.size(3) + p.left() + p.right() - spanW;
    if (p.top() < 0 || p.bottom() < 0 || p.left() < 0 || p.right() < 0) {
      faults.add("padding must not be negative, got " + p);
    }
    if (freeH < 0 || freeW < 0) {
      faults.add(
          "nothing is left: the kernel spans %sx%s pixels, the padded input has %sx%s"
              .formatted(spanH, spanW, freeH + spanH, freeW + spanW));
      hint = ". Hint: pad more, or dilate less";
    }
    fail(op, faults, hint, image, w);
    return new Conv2dPlan(
        dtype,
        x.toInt(op, x.size(0)),
        x.toInt(op, x.size(1)),
        x.toInt(op, x.size(2)),
        x.toInt(op, x.size(3)),
        w.toInt(op, w.size(0)),
        x.toInt(op, freeH / o.sh() + 1),
        x.toInt(op, freeW / o.sw() + 1),
        kh,
        kw,
        o.sh(),
        o.sw(),
        p.top(),
        p.bottom(),
        p.left(),
        p.right(),
        o.dh(),
        o.dw(),
        o.groups());
  }

  private static Shape batchOfOne(Shape image) {
    return Shape.of(1, image.size(0), image.size(1), image.size(2));
  }

  private static String channels(long n) {
    return n == 1 ? "1 input channel" : n + " input channels";
  }

  /** What may have been meant by an input without these channels. */
  private static String channelHint(Shape image, long ic, Shape w, int groups) {
    if (image.size(-1) == ic) {
      return ". Hint: channels come before rows and columns: permute(%s)"
          .formatted(image.rank() == 4 ? "0, 3, 1, 2" : "2, 0, 1");
    }
    if (image.rank() == 3 && ic == 1) {
      return ". Hint: " + ONE_CHANNEL;
    }
    long given = image.size(-3);
    return given % groups == 0
        ? ". Hint: a weight %s fits this input".formatted(w.with(1, given / groups))
        : ". Hint: %s groups need a multiple of %s channels".formatted(groups, groups);
  }

  /** The padding of these options in pixels per side. */
  private static Padding.Explicit explicit(String op, Conv2dOptions o, Shape w) {
    long spanH = o.dh() * (w.size(2) - 1);
    long spanW = o.dw() * (w.size(3) - 1);
    return switch (o.padding()) {
      case Padding.Explicit p -> p;
      case Padding.Valid _ -> new Padding.Explicit(0, 0, 0, 0);
      case Padding.Full _ -> around(op, w, spanH, spanH, spanW, spanW);
      case Padding.Same _ -> {
        if (o.sh() != 1 || o.sw() != 1) {
          throw new ShapeException(
              "%s: padding 'same' needs stride 1, got (%s, %s). Hint: give the padding in pixels"
                  .formatted(op, o.sh(), o.sw()));
        }
        yield around(op, w, spanH / 2, spanH - spanH / 2, spanW / 2, spanW - spanW / 2);
      }
    };
  }

  private static Padding.Explicit around(
      String op, Shape w, long top, long bottom, long left, long right) {
    return new Padding.Explicit(
        w.toInt(op, top), w.toInt(op, bottom), w.toInt(op, left), w.toInt(op, right));
  }

  private static void fail(String op, List<String> faults, String hint, Shape image, Shape w) {
    if (!faults.isEmpty()) {
      throw new ShapeException(
          "%s: input %s and weight %s: %s%s"
              .formatted(op, image, w, String.join("; ", faults), hint));
    }
  }

  /** The same convolution of another dtype. */
  public Conv2dPlan as(DType other) {
    return new Conv2dPlan(
        other, n, ic, ih, iw, oc, oh, ow, kh, kw, sh, sw, pt, pb, pl, pr, dh, dw, groups, format);
  }

  public Shape xShape() {
    return Shape.of(n, ic, ih, iw);
  }

  public Shape wShape() {
    return Shape.of(oc, icPerGroup(), kh, kw);
  }

  public Shape yShape() {
    return Shape.of(n, oc, oh, ow);
  }

  /** The padding per side. */
  public Padding.Explicit padding() {
    return new Padding.Explicit(pt, pb, pl, pr);
  }

  public int icPerGroup() {
    return ic / groups;
  }

  public int ocPerGroup() {
    return oc / groups;
  }

  /** Multiply-adds times two, padding counted. */
  public double flops() {
    return 2.0 * n * oc * oh * ow * icPerGroup() * kh * kw;
  }
}
