package dev.crema.nn;

import dev.crema.autograd.NoGrad;
import dev.crema.tensor.Activation;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation per channel of [n, c, h, w] (Ioffe and Szegedy, 2015): y = (x − mean) / √(var
 * + eps) · weight + bias. In training with the batch's own mean and variance, which move the
 * running ones; in inference with the running ones.
 */
public final class BatchNorm2d extends Module implements Activatable {
  private final int c;
  private double eps = 1e-5;
  private double momentum = 0.1;
  private boolean affine = true;
  private boolean trackRunningStats = true;
  private boolean folded;

  /** Eps 1e-5, momentum 0.1, with weight, bias and running statistics. */
  public BatchNorm2d(int channels) {
    this.c = channels;
  }

  /** What keeps the divisor from zero. */
  public BatchNorm2d eps(double eps) {
    checkConfigurable("eps");
    this.eps = eps;
    return this;
  }

  /** How far one batch moves the running statistics: r = (1 − momentum)·r + momentum·batch. */
  public BatchNorm2d momentum(double momentum) {
    checkConfigurable("momentum");
    this.momentum = momentum;
    return this;
  }

  /** Whether there are weight and bias. */
  public BatchNorm2d affine(boolean affine) {
    checkConfigurable("affine");
    this.affine = affine;
    return this;
  }

  /** Whether there are running statistics; without, inference too uses the batch's own. */
  public BatchNorm2d trackRunningStats(boolean track) {
    checkConfigurable("trackRunningStats");
    this.trackRunningStats = track;
    return this;
  }

  @Override
  protected void build() {
    if (affine) {
      parameter("weight", Tensor.ones(c));
      parameter("bias", Tensor.zeros(c));
    }
    if (trackRunningStats) {
      buffer("running_mean", Tensor.zeros(c));
      buffer("running_var", Tensor.ones(c));
      buffer("num_batches_tracked", Tensor.zeros(Shape.of(), DType.I64, Device.cpu()));
    }
  }

  /** [c], or null if not affine. */
  public @Nullable Tensor weight() {
    return findParameter("weight");
  }

  /** [c], or null if not affine. */
  public @Nullable Tensor bias() {
    return findParameter("bias");
  }

  /** Whether it does in inference what a convolution could do as well. */
  boolean canFold() {
    return trackRunningStats && !folded;
  }

  /** Whether it passes on what it gets, and nobody looks. */
  boolean isPassive() {
    return folded && !isTraining() && !hasForwardHooks();
  }

  /** Gives what it does in inference to the convolution before it. */
  void foldInto(Conv2d conv) {
    try (var _ = NoGrad.open();
        var _ = Scope.open("fold")) {
      Tensor mean = getBuffer("running_mean");
      Tensor invstd = getBuffer("running_var").add(eps).rsqrt();
      Tensor weight = weight();
      Tensor bias = bias();
      Tensor scale = weight == null ? invstd : invstd.mul(weight);
      Tensor shift = mean.mul(scale).neg();
      conv.fold(scale, bias == null ? shift : shift.add(bias));
    }
    drop();
    folded = true;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return forward(x, Activation.NONE);
  }

  @Override
  public Tensor forward(Tensor x, Activation activation) {
    if (folded) {
      if (isTraining()) {
        throw new IllegalStateException(
            "BatchNorm2d: it was folded into the convolution before it, and is there for inference"
                + " alone. Hint: eval(), or train a model that was not fused");
      }
      return activation == Activation.RELU ? x.relu() : x;
    }
    if (!trackRunningStats) {
      return x.batchNormTraining(weight(), bias(), null, null, momentum, eps, activation);
    }
    Tensor mean = getBuffer("running_mean");
    Tensor var = getBuffer("running_var");
    if (!isTraining()) {
      return x.batchNormInference(weight(), bias(), mean, var, eps, activation);
    }
    getBuffer("num_batches_tracked").add_(1);
    return x.batchNormTraining(weight(), bias(), mean, var, momentum, eps, activation);
  }

  @Override
  protected String extraRepr() {
    return String.format(
            Locale.ROOT,
            "%d, eps=%s, momentum=%s, affine=%s, track_running_stats=%s",
            c,
            ModulePrinter.python(eps),
            ModulePrinter.python(momentum),
            ModulePrinter.python(affine),
            ModulePrinter.python(trackRunningStats))
        + (folded ? ", folded" : "");
  }
}
