package dev.crema.op;

import dev.crema.autograd.Autograd;
import dev.crema.autograd.GradMode;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Vjp;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.ChannelPlan;
import dev.crema.backend.RunningStats;
import dev.crema.backend.View;
import dev.crema.tensor.Activation;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015): y = (x − mean) / √(var + eps) · weight + bias, per
 * channel of [n, c, ..], with an activation on top. Of f16 and bf16 images, weight, bias and
 * statistics are f32.
 */
public final class Norm {
  private Norm() {}

  /**
   * With the batch's own mean and variance. The running ones, where given, are moved towards them
   * in place: r = (1 − momentum)·r + momentum·batch, the variance unbiased.
   */
  public static Tensor batchNormTraining(
      Tensor x0,
      @Nullable Tensor weight0,
      @Nullable Tensor bias0,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      double momentum,
      double eps,
      Activation activation) {
    var plan = check(x0, weight0, bias0, runningMean, runningVar);
    if ((runningMean == null) != (runningVar == null)) {
      throw new ShapeException(
          "batch_norm: expected both a running mean and a running variance, or neither, for input "
              + x0.shape());
    }
    if (plan.count() < 2) {
      throw new ShapeException(
          "batch_norm: expected more than one value per channel in training, got input "
              + x0.shape());
    }
    Tensor x = Formats.dense(x0, Formats.of(x0));
    Tensor weight = contiguous(weight0);
    Tensor bias = contiguous(bias0);
    Tensor mean = Tensor.empty(Shape.of(plan.c()), x.dtype().wide(), x.device());
    Tensor invstd = Tensor.empty(Shape.of(plan.c()), x.dtype().wide(), x.device());
    stats(plan, x, eps, mean, invstd, runningMean, runningVar, momentum);
    Tensor y = normalised(plan, x, mean, invstd, weight, bias, activation);
    return Autograd.record(
        "batch_norm",
        y,
        Autograd.inputs(x, weight, bias),
        s ->
            new BatchNormGrad(
                plan,
                eps,
                s.of(x),
                s.ofNullable(weight),
                s.of(mean),
                s.of(invstd),
                Epilogue.save(activation, s)));
  }

  private static void stats(
      ChannelPlan plan,
      Tensor x,
      double eps,
      Tensor mean,
      Tensor invstd,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      double momentum) {
    if (runningMean == null || runningVar == null) {
      x.backend().batchNormStats(plan, x.view(), eps, mean.view(), invstd.view(), null);
      return;
    }
    Check.writable("batch_norm", runningMean);
    Check.writable("batch_norm", runningVar);
    Tensor denseMean = runningMean.contiguous();
    Tensor denseVar = runningVar.contiguous();
    var running = new RunningStats(denseMean.view(), denseVar.view(), momentum);
    x.backend().batchNormStats(plan, x.view(), eps, mean.view(), invstd.view(), running);
    written(denseMean, runningMean);
    written(denseVar, runningVar);
  }

  /** Notes that a tensor, or its dense copy, was written. */
  private static void written(Tensor dense, Tensor t) {
    if (dense.view().buffer() == t.view().buffer()) {
      t.view().buffer().touch();
    } else {
      Pointwise.copy_(t, dense);
    }
  }

  record BatchNormGrad(
      ChannelPlan plan,
      double eps,
      Saved x,
      @Nullable Saved weight,
      Saved mean,
      Saved invstd,
      @Nullable Saved y)
      implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      if (GradMode.isRecording()) {
        differentiable(gy, g);
      } else {
        fused(gy, g);
      }
    }

    private void fused(Tensor gy0, Gradients g) {
      Tensor at = x.get();
      Tensor gy = Formats.dense(gy0, Formats.of(at));
      Tensor w = weight == null ? null : weight.get();
      Tensor gx = Formats.emptyLike(at);
      Tensor gw = Tensor.empty(Shape.of(plan.c()), at.dtype().wide(), at.device());
      Tensor gb = Tensor.empty(Shape.of(plan.c()), at.dtype().wide(), at.device());
      at.backend()
          .batchNormBackward(
              plan,
              gy.view(),
              y == null ? null : y.get().view(),
              at.view(),
              mean.get().view(),
              invstd.get().view(),
              viewOf(w),
              gx.view(),
              gw.view(),
              gb.view());
      g.of(0, () -> gx);
      g.of(1, () -> gw);
      g.of(2, () -> gb);
    }

    /** The same, written with ops, for when the gradient is itself differentiated. */
    private void differentiable(Tensor gy0, Gradients g) {
      DType dtype = gy0.dtype();
      Tensor gy = masked(gy0, y).to(dtype.wide());
      Tensor at = x.get().to(dtype.wide());
      int[] dims = allButChannels(at.shape());
      Tensor centred = at.sub(at.mean(true, dims));
      Tensor scale = centred.square().mean(true, dims).add(eps).rsqrt();
      Tensor xHat = centred.mul(scale);
      Tensor scaled = weight == null ? gy : gy.mul(perChannel(weight.get(), at.shape()));
      g.of(
          0,
          () ->
              scale
                  .mul(
                      scaled
                          .sub(scaled.mean(true, dims))
                          .sub(xHat.mul(scaled.mul(xHat).mean(true, dims))))
                  .to(dtype));
      g.of(1, () -> gy.mul(xHat).sum(dims));
      g.of(2, () -> gy.sum(dims));
    }
  }

  /** With a given mean and variance, as in inference. */
  public static Tensor batchNormInference(
      Tensor x0,
      @Nullable Tensor weight0,
      @Nullable Tensor bias0,
      Tensor runningMean,
      Tensor runningVar,
      double eps,
      Activation activation) {
    var plan = check(x0, weight0, bias0, runningMean, runningVar);
    Tensor x = Formats.dense(x0, Formats.of(x0));
    Tensor weight = contiguous(weight0);
    Tensor bias = contiguous(bias0);
    Tensor mean = runningMean.detach().copy(); // training may move the running one before backward
    Tensor invstd = runningVar.detach().add(eps).rsqrt();
    Tensor y = normalised(plan, x, mean, invstd, weight, bias, activation);
    return Autograd.record(
        "batch_norm",
        y,
        Autograd.inputs(x, weight, bias),
        s ->
            new FixedNormGrad(
                s.of(x),
                s.ofNullable(weight),
                s.of(mean),
                s.of(invstd),
                Epilogue.save(activation, s)));
  }

  record FixedNormGrad(Saved x, @Nullable Saved weight, Saved mean, Saved invstd, @Nullable Saved y)
      implements Vjp {
    @Override
    public void apply(Tensor gy0, Gradients g) {
      Shape shape = gy0.shape();
      DType dtype = gy0.dtype();
      Tensor gy = masked(gy0, y).to(dtype.wide());
      Tensor scale = perChannel(invstd.get(), shape);
      g.of(
          0,
          () ->
              gy.mul(weight == null ? scale : scale.mul(perChannel(weight.get(), shape)))
                  .to(dtype));
      g.of(
          1,
          () ->
              gy.mul(x.get().to(dtype.wide()).sub(perChannel(mean.get(), shape)).mul(scale))
                  .sum(allButChannels(shape)));
      g.of(2, () -> gy.sum(allButChannels(shape)));
    }
  }

  /** The gradient before the ReLU whose result y is, if there is one. */
  private static Tensor masked(Tensor gy, @Nullable Saved y) {
    return y == null ? gy : Pointwise.binary(BinaryOp.RELU_GRAD, gy, y.get());
  }

  private static Tensor normalised(
      ChannelPlan plan,
      Tensor x,
      Tensor mean,
      Tensor invstd,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      Activation activation) {
    Tensor y = Formats.emptyLike(x);
    x.backend()
        .batchNorm(
            plan,
            x.view(),
            mean.view(),
            invstd.view(),
            viewOf(weight),
            viewOf(bias),
            activation,
            y.view());
    return y;
  }

  private static ChannelPlan check(Tensor x, @Nullable Tensor... channelWise) {
    var plan = ChannelPlan.check("batch_norm", x.dtype(), x.shape()).in(Formats.of(x));
    for (Tensor t : channelWise) {
      if (t == null) {
        continue;
      }
      Check.device("batch_norm", x, t);
      if (t.dtype() != x.dtype().wide()) {
        throw new DTypeException(
            "batch_norm: expected weight, bias and running statistics of %s for input %s %s, got %s %s. Hint: convert with to(DType)"
                .formatted(x.dtype().wide(), x.dtype(), x.shape(), t.dtype(), t.shape()));
      }
      if (!t.shape().equals(Shape.of(plan.c()))) {
        throw new ShapeException(
            "batch_norm: expected weight, bias and running statistics of shape [%s] for input %s, got %s"
                .formatted(plan.c(), x.shape(), t.shape()));
      }
    }
    return plan;
  }

  private static @Nullable Tensor contiguous(@Nullable Tensor t) {
    return t == null ? null : t.contiguous();
  }

  private static @Nullable View viewOf(@Nullable Tensor t) {
    return t == null ? null : t.view();
  }

  private static Tensor perChannel(Tensor t, Shape shape) {
    long[] sizes = new long[shape.rank() - 1];
    Arrays.fill(sizes, 1);
    sizes[0] = shape.size(1);
    return t.reshape(sizes);
  }

  private static int[] allButChannels(Shape shape) {
    return IntStream.range(0, shape.rank()).filter(d -> d != 1).toArray();
  }
}
