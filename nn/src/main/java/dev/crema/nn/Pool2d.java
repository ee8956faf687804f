package dev.crema.nn;

import static dev.crema.nn.Pair.both;
import static dev.crema.nn.Pair.pair;

import dev.crema.tensor.Pool2dOptions;

/**
 * What max and average pooling share. Options follow the constructor and return the layer: {@code
 * new MaxPool2d(3).stride(2)}.
 */
public abstract sealed class Pool2d<P extends Pool2d<P>> extends Module
    permits MaxPool2d, AvgPool2d {
  private final Pair kernel;
  private Pair stride;
  private Pair padding = both(0);
  private boolean ceilMode;

  Pool2d(Pair kernel, Pair stride) {
    this.kernel = kernel;
    this.stride = stride;
  }

  abstract P self();

  /** From window to window; the kernel size until it is set. */
  public final P stride(int s) {
    return stride(both(s));
  }

  /** From window to window, down and across. */
  public final P stride(int sh, int sw) {
    return stride(pair(sh, sw));
  }

  private P stride(Pair s) {
    checkConfigurable("stride");
    stride = s;
    return self();
  }

  /** A border of at most half the kernel. */
  public final P padding(int p) {
    return padding(both(p));
  }

  /** A border above and below, and left and right. */
  public final P padding(int ph, int pw) {
    return padding(pair(ph, pw));
  }

  private P padding(Pair p) {
    checkConfigurable("padding");
    padding = p;
    return self();
  }

  /** Whether a last partial window counts. */
  public final P ceilMode(boolean ceilMode) {
    checkConfigurable("ceilMode");
    this.ceilMode = ceilMode;
    return self();
  }

  final Pool2dOptions options() {
    return Pool2dOptions.kernel(kernel.h(), kernel.w())
        .stride(stride.h(), stride.w())
        .padding(padding.h(), padding.w())
        .ceilMode(ceilMode);
  }

  final boolean ceilMode() {
    return ceilMode;
  }

  @Override
  protected String extraRepr() {
    return "kernel_size=%s, stride=%s, padding=%s".formatted(kernel, stride, padding);
  }
}
