package dev.crema.nn;

import dev.crema.tensor.Activation;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.Padding;
import dev.crema.tensor.PaddingMode;
import dev.crema.tensor.Tensor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * 2-D convolution of [n, ic, ih, iw], or of one image [ic, ih, iw]. Options follow the constructor:
 * {@code new Conv2d(16, 33, pair(3, 5)).stride(2, 1).padding(4, 2).dilation(3, 1)}.
 *
 * <p>oh = ⌊(ih + 2·ph − dh·(kh − 1) − 1) / sh⌋ + 1, and ow alike. Weight [oc, ic/groups, kh, kw]
 * and bias [oc] start in U(−√k, √k) with k = groups / (ic·kh·kw).
 */
public final class Conv2d extends Module implements Activatable {
  private final int ic;
  private final int oc;
  private final int kh;
  private final int kw;
  private Conv2dOptions options = Conv2dOptions.DEFAULT.padding(0);
  private boolean bias = true;

  /** A square kernel, stride 1, no padding, with bias. */
  public Conv2d(int inChannels, int outChannels, int kernel) {
    this(inChannels, outChannels, Pair.both(kernel));
  }

  /** A kernel with a height and a width, stride 1, no padding, with bias. */
  public Conv2d(int inChannels, int outChannels, Pair kernel) {
    this.ic = inChannels;
    this.oc = outChannels;
    this.kh = kernel.h();
    this.kw = kernel.w();
  }

  /** Pixels from window to window. */
  public Conv2d stride(int s) {
    return stride(s, s);
  }

  /** Pixels from window to window, down and across. */
  public Conv2d stride(int sh, int sw) {
    return with("stride", options.stride(sh, sw));
  }

  /** A border on all four sides, in pixels. */
  public Conv2d padding(int p) {
    return padding(p, p);
  }

  /** A border above and below, and left and right, in pixels. */
  public Conv2d padding(int ph, int pw) {
    return padding(Padding.of(ph, pw));
  }

  /** {@link Padding#same}, {@link Padding#valid}, {@link Padding#full}, or each side its own. */
  public Conv2d padding(Padding padding) {
    return with("padding", options.padding(padding));
  }

  /** What the border is filled with: zeros until it is set. */
  public Conv2d paddingMode(PaddingMode mode) {
    return with("paddingMode", options.mode(mode));
  }

  /** Pixels from tap to tap of the kernel. */
  public Conv2d dilation(int d) {
    return dilation(d, d);
  }

  /** Pixels from tap to tap of the kernel, down and across. */
  public Conv2d dilation(int dh, int dw) {
    return with("dilation", options.dilation(dh, dw));
  }

  /** Into how many independent groups the channels fall; both counts must be multiples of it. */
  public Conv2d groups(int groups) {
    if (groups < 1 || ic % groups != 0 || oc % groups != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Conv2d: %d input and %d output channels do not fall into %d groups",
              ic,
              oc,
              groups));
    }
    return with("groups", options.groups(groups));
  }

  /** Whether there is a bias. */
  public Conv2d bias(boolean bias) {
    with("bias", options);
    this.bias = bias;
    return this;
  }

  private Conv2d with(String option, Conv2dOptions changed) {
    checkConfigurable(option);
    options = changed;
    return this;
  }

  @Override
  protected void build() {
    int icPerGroup = ic / options.groups();
    double bound = 1 / Math.sqrt((double) icPerGroup * kh * kw);
    parameter("weight", uniform(bound, oc, icPerGroup, kh, kw));
    if (bias) {
      parameter("bias", uniform(bound, oc));
    }
  }

  /** [oc, ic/groups, kh, kw]. */
  public Tensor weight() {
    return getParameter("weight");
  }

  /** [oc], or null without bias. */
  public @Nullable Tensor bias() {
    return findParameter("bias");
  }

  /** Makes every result {@code scale}·result + {@code shift}, per output channel. */
  void fold(Tensor scale, Tensor shift) {
    weight().mul_(scale.reshape(oc, 1, 1, 1));
    Tensor b = bias();
    if (b == null) {
      parameter("bias", shift.copy());
      bias = true;
    } else {
      b.mul_(scale).add_(shift);
    }
  }

  /** ic. */
  public int inChannels() {
    return ic;
  }

  /** oc. */
  public int outChannels() {
    return oc;
  }

  /** Stride, padding, dilation and groups. */
  public Conv2dOptions options() {
    return options;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.conv2d(weight(), bias(), options);
  }

  @Override
  public Tensor forward(Tensor x, Activation activation) {
    return x.conv2d(weight(), bias(), options.activation(activation));
  }

  @Override
  protected long multiplyAdds(Tensor input, Tensor output) {
    return output.numel() * (ic / options.groups()) * kh * kw;
  }

  @Override
  protected String extraRepr() {
    var o = options;
    var text = new StringBuilder();
    text.append(ic).append(", ").append(oc);
    text.append(String.format(Locale.ROOT, ", kernel_size=(%d, %d)", kh, kw));
    text.append(String.format(Locale.ROOT, ", stride=(%d, %d)", o.sh(), o.sw()));
    text.append(paddingRepr(o.padding()));
    if (o.dh() != 1 || o.dw() != 1) {
      text.append(String.format(Locale.ROOT, ", dilation=(%d, %d)", o.dh(), o.dw()));
    }
    if (o.groups() != 1) {
      text.append(", groups=").append(o.groups());
    }
    if (!bias) {
      text.append(", bias=False");
    }
    if (o.mode() != PaddingMode.ZEROS) {
      text.append(", padding_mode=").append(o.mode());
    }
    return text.toString();
  }

  private static String paddingRepr(Padding padding) {
    return switch (padding) {
      case Padding.Same _ -> ", padding=same";
      case Padding.Valid _ -> ", padding=valid";
      case Padding.Full _ -> ", padding=full";
      case Padding.Explicit(int top, int bottom, int left, int right)
          when top == bottom && left == right ->
          top == 0 && left == 0 ? "" : String.format(Locale.ROOT, ", padding=(%d, %d)", top, left);
      case Padding.Explicit(int top, int bottom, int left, int right) ->
          String.format(Locale.ROOT, ", padding=(%d, %d, %d, %d)", top, bottom, left, right);
    };
  }
}
