package dev.crema.op;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.Autograd;
import dev.crema.autograd.GradMode;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Vjp;
import dev.crema.backend.CrossEntropyPlan;
import dev.crema.tensor.CrossEntropyOptions;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.DType;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.List;

/**
 * The loss of classification, from unnormalised scores (PyTorch's cross_entropy); of f16 and bf16
 * in f32, rounded at the end.
 */
public final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * Per sample (1 − ε)·(−ln p[target]) + ε·mean over classes of −ln p, with p the softmax of the
   * scores and ε the label smoothing.
   *
   * @param scores0 [n, classes], or [n, classes, ..] for a class per position
   * @param target0 the right class per sample, i64 or i32: [n] or [n, ..]
   * @return a scalar, or target's shape with {@link Reduction#NONE}
   */
  public static Tensor crossEntropy(Tensor scores0, Tensor target0, CrossEntropyOptions o) {
    Tensor wide = Autocast.wide(scores0);
    if (wide.dtype().isHalf()) {
      return crossEntropy(wide.to(DType.F32), target0, o).to(wide.dtype());
    }
    var plan = check("cross_entropy", wide, target0, o);
    Tensor scores = wide.contiguous();
    Tensor target = target0.contiguous();
    Tensor logP = Tensor.empty(scores.shape(), scores.dtype(), scores.device());
    Tensor loss = Tensor.empty(plan.lossShape(), scores.dtype(), scores.device());
    Tensor divisor = Tensor.empty(Shape.of(), scores.dtype(), scores.device());
    scores
        .backend()
        .crossEntropy(plan, scores.view(), target.view(), logP.view(), loss.view(), divisor.view());
    return Autograd.record(
        "cross_entropy",
        loss,
        Autograd.inputs(scores),
        s -> new CrossEntropyGrad(plan, s.of(scores), s.of(target), s.of(logP), s.of(divisor)));
  }

  record CrossEntropyGrad(
      CrossEntropyPlan plan, Saved scores, Saved target, Saved logP, Saved divisor) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, GradMode.isRecording() ? differentiable(gy) : fused(gy));
    }

    private Tensor fused(Tensor gy0) {
      Tensor gy = gy0.contiguous();
      Tensor p = logP.get();
      Tensor gx = Tensor.empty(p.shape(), p.dtype(), p.device());
      p.backend()
          .crossEntropyBackward(
              plan, p.view(), target.get().view(), gy.view(), divisor.get().view(), gx.view());
      return gx;
    }

    /** The same, of the loss written with ops, for when the gradient is itself differentiated. */
    private Tensor differentiable(Tensor gy) {
      Tensor x = scores.get();
      Tensor loss = fromLogProbabilities(plan, x.logSoftmax(1), target.get());
      return Autograd.grad(loss, gy, List.of(x), true, true).getFirst();
    }
  }

  /** As {@link #crossEntropy}, from logarithms of probabilities (PyTorch's nll_loss). */
  public static Tensor nllLoss(Tensor logP0, Tensor target, CrossEntropyOptions o) {
    Tensor logP = Autocast.wide(logP0);
    if (logP.dtype().isHalf()) {
      return nllLoss(logP.to(DType.F32), target, o).to(logP.dtype());
    }
    return fromLogProbabilities(check("nll_loss", logP, target, o), logP, target);
  }

  private static Tensor fromLogProbabilities(CrossEntropyPlan plan, Tensor logP, Tensor target) {
    CrossEntropyOptions o = plan.options();
    Tensor ignored = target.eq(o.ignoreIndex());
    Tensor labels = Tensor.where(ignored, Tensor.zerosLike(target), target);
    Tensor loss = Index.gather(plan.op(), logP, 1, labels.unsqueeze(1)).squeeze(1).neg();
    if (o.labelSmoothing() > 0) {
      Tensor uniform = logP.mean(1).neg();
      loss = loss.mul(1 - o.labelSmoothing()).add(uniform.mul(o.labelSmoothing()));
    }
    // Not a product: the loss of what is ignored may be infinite.
    loss = Tensor.where(ignored, Tensor.zerosLike(loss), loss);
    return switch (o.reduction()) {
      case NONE -> loss;
      case SUM -> loss.sum();
      case MEAN -> loss.sum().div(ignored.logicalNot().to(logP.dtype()).sum());
    };
  }

  private static CrossEntropyPlan check(
      String op, Tensor scores, Tensor target, CrossEntropyOptions o) {
    Check.device(op, scores, target);
    return CrossEntropyPlan.check(
        op, scores.dtype(), scores.shape(), target.dtype(), target.shape(), o);
  }
}
