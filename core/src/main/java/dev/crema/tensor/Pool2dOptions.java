package dev.crema.tensor;

/**
 * The options of a 2-D pooling, per axis. {@code Pool2dOptions.kernel(2)} has stride 2, as in
 * PyTorch: the stride is the kernel size until it is set.
 *
 * @param kh window height, in pixels
 * @param kw window width
 * @param sh vertical stride
 * @param sw horizontal stride
 * @param ph padding above and below: −∞ for max, 0 for average
 * @param pw padding left and right
 * @param dh vertical distance between taps
 * @param dw horizontal distance between taps
 * @param ceilMode round the output size up, so that a last partial window counts
 * @param countIncludePad whether an average divides by padding too
 */
public record Pool2dOptions(
    int kh,
    int kw,
    int sh,
    int sw,
    int ph,
    int pw,
    int dh,
    int dw,
    boolean ceilMode,
    boolean countIncludePad) {

  public static Pool2dOptions kernel(int k) {
    return kernel(k, k);
  }

  public static Pool2dOptions kernel(int kh, int kw) {
    return new Pool2dOptions(kh, kw, kh, kw, 0, 0, 1, 1, false, true);
  }

  public Pool2dOptions stride(int s) {
    return stride(s, s);
  }

  public Pool2dOptions stride(int sh, int sw) {
    return new Pool2dOptions(kh, kw, sh, sw, ph, pw, dh, dw, ceilMode, countIncludePad);
  }

  public Pool2dOptions padding(int p) {
    return padding(p, p);
  }

  public Pool2dOptions padding(int ph, int pw) {
    return new Pool2dOptions(kh, kw, sh, sw, ph, pw, dh, dw, ceilMode, countIncludePad);
  }

  public Pool2dOptions dilation(int d) {
    return dilation(d, d);
  }

  public Pool2dOptions dilation(int dh, int dw) {
    return new Pool2dOptions(kh, kw, sh, sw, ph, pw, dh, dw, ceilMode, countIncludePad);
  }

  public Pool2dOptions ceilMode(boolean ceilMode) {
    return new Pool2dOptions(kh, kw, sh, sw, ph, pw, dh, dw, ceilMode, countIncludePad);
  }

  public Pool2dOptions countIncludePad(boolean countIncludePad) {
    return new Pool2dOptions(kh, kw, sh, sw, ph, pw, dh, dw, ceilMode, countIncludePad);
  }
}
