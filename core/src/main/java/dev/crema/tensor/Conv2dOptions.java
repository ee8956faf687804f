package dev.crema.tensor;

/**
 * The options of a 2-D convolution, per axis. Start at {@link #DEFAULT} and change what differs:
 * {@code Conv2dOptions.DEFAULT.stride(2).padding(1)}.
 *
 * @param sh vertical stride, in pixels
 * @param sw horizontal stride
 * @param padding how much to pad
 * @param mode what to pad with
 * @param dh vertical distance between kernel taps
 * @param dw horizontal distance between kernel taps
 * @param groups into how many independent groups the channels fall
 * @param activation what is done to the result, in one op with the convolution
 */
public record Conv2dOptions(
    int sh,
    int sw,
    Padding padding,
    PaddingMode mode,
    int dh,
    int dw,
    int groups,
    Activation activation) {

  /** Stride 1, no padding, dilation 1, one group, no activation. */
  public static final Conv2dOptions DEFAULT =
      new Conv2dOptions(1, 1, Padding.valid(), PaddingMode.ZEROS, 1, 1, 1, Activation.NONE);

  public Conv2dOptions stride(int s) {
    return stride(s, s);
  }

  public Conv2dOptions stride(int sh, int sw) {
    return new Conv2dOptions(sh, sw, padding, mode, dh, dw, groups, activation);
  }

  public Conv2dOptions padding(int p) {
    return padding(Padding.of(p));
  }

  public Conv2dOptions padding(int ph, int pw) {
    return padding(Padding.of(ph, pw));
  }

  public Conv2dOptions padding(Padding padding) {
    return new Conv2dOptions(sh, sw, padding, mode, dh, dw, groups, activation);
  }

  public Conv2dOptions mode(PaddingMode mode) {
    return new Conv2dOptions(sh, sw, padding, mode, dh, dw, groups, activation);
  }

  public Conv2dOptions dilation(int d) {
    return dilation(d, d);
  }

  public Conv2dOptions dilation(int dh, int dw) {
    return new Conv2dOptions(sh, sw, padding, mode, dh, dw, groups, activation);
  }

  public Conv2dOptions groups(int groups) {
    return new Conv2dOptions(sh, sw, padding, mode, dh, dw, groups, activation);
  }

  public Conv2dOptions activation(Activation activation) {
    return new Conv2dOptions(sh, sw, padding, mode, dh, dw, groups, activation);
  }
}
