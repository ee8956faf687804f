package dev.crema.op;

import dev.crema.tensor.CrossEntropyOptions;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.Arrays;

/** The loss of classification, from unnormalised scores (PyTorch's cross_entropy). */
public final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * Per sample (1 − ε)·(−ln p[target]) + ε·mean over classes of −ln p, with p the softmax of the
   * scores and ε the label smoothing.
   *
   * @param scores [n, classes], or [n, classes, ..] for a class per position
   * @param target the right class per sample, i64 or i32: [n] or [n, ..]
   * @return a scalar, or target's shape with {@link Reduction#NONE}
   */
  public static Tensor crossEntropy(Tensor scores, Tensor target, CrossEntropyOptions o) {
    check("cross_entropy", scores, target);
    return fromLogProbabilities("cross_entropy", scores.logSoftmax(1), target, o);
  }

  /** As {@link #crossEntropy}, from logarithms of probabilities (PyTorch's nll_loss). */
  public static Tensor nllLoss(Tensor logP, Tensor target, CrossEntropyOptions o) {
    check("nll_loss", logP, target);
    return fromLogProbabilities("nll_loss", logP, target, o);
  }

  private static Tensor fromLogProbabilities(
      String op, Tensor logP, Tensor target, CrossEntropyOptions o) {
    Tensor ignored = target.eq(o.ignoreIndex());
    Tensor labels = Tensor.where(ignored, Tensor.zerosLike(target), target);
    Tensor loss = Index.gather(op, logP, 1, labels.unsqueeze(1)).squeeze(1).neg();
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

  private static void check(String op, Tensor scores, Tensor target) {
    Check.floating(op, scores);
    Shape s = scores.shape();
    Shape wanted = s.rank() < 2 ? s : Shape.of(withoutClasses(s));
    if (s.rank() < 2 || !target.shape().equals(wanted)) {
      throw new ShapeException(
          "%s: expected scores [n, classes, ..] and target [n, ..], got scores %s and target %s. Hint: %s"
              .formatted(
                  op,
                  s,
                  target.shape(),
                  target.shape().equals(s)
                      ? "argmax(1) turns one-hot rows into class indices"
                      : "the target holds one class index per sample"));
    }
    if (target.dtype() != DType.I32 && target.dtype() != DType.I64) {
      throw new DTypeException(
          "%s: expected a target of class indices, i32 or i64, got %s %s. Hint: convert with to(DType.I64)"
              .formatted(op, target.dtype(), target.shape()));
    }
  }

  private static long[] withoutClasses(Shape s) {
    long[] sizes = new long[s.rank() - 1];
    Arrays.setAll(sizes, d -> s.size(d == 0 ? 0 : d + 1));
    return sizes;
  }
}
