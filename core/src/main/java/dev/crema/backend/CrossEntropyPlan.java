package dev.crema.backend;

import dev.crema.tensor.CrossEntropyOptions;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.IndexException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.util.Arrays;

/**
 * The cross-entropy of scores [outer, classes, inner] with target classes [outer, inner].
 *
 * @param op the op's name, for errors
 * @param scores the shape [n, classes, ..]
 * @param outer n
 * @param inner the product of the dimensions after the classes
 * @param options smoothing, what is ignored, and how the samples' losses become one
 */
public record CrossEntropyPlan(
    String op,
    DType dtype,
    Shape scores,
    int outer,
    int classes,
    int inner,
    CrossEntropyOptions options) {

  /** Checks scores against a target. */
  public static CrossEntropyPlan check(
      String op,
      DType dtype,
      Shape scores,
      DType targetType,
      Shape target,
      CrossEntropyOptions options) {
    if (!dtype.isFloating()) {
      throw new DTypeException(
          "%s: expected f32 or f64, got %s %s. Hint: convert with to(DType.F32)"
              .formatted(op, dtype, scores));
    }
    if (scores.rank() < 2 || !target.equals(Shape.of(withoutClasses(scores)))) {
      throw new ShapeException(
          "%s: expected scores [n, classes, ..] and target [n, ..], got scores %s and target %s. Hint: %s"
              .formatted(
                  op,
                  scores,
                  target,
                  target.equals(scores)
                      ? "argmax(1) turns one-hot rows into class indices"
                      : "the target holds one class index per sample"));
    }
    if (targetType != DType.I32 && targetType != DType.I64) {
      throw new DTypeException(
          "%s: expected a target of class indices, i32 or i64, got %s %s. Hint: convert with to(DType.I64)"
              .formatted(op, targetType, target));
    }
    var lines = SoftmaxPlan.check(op, dtype, scores, 1);
    return new CrossEntropyPlan(
        op, dtype, scores, lines.outer(), lines.size(), lines.inner(), options);
  }

  private static long[] withoutClasses(Shape s) {
    long[] sizes = new long[s.rank() - 1];
    Arrays.setAll(sizes, d -> s.size(d == 0 ? 0 : d + 1));
    return sizes;
  }

  /** The softmax over the classes. */
  public SoftmaxPlan softmax() {
    return new SoftmaxPlan(dtype, outer, classes, inner);
  }

  /** How many samples there are, the ignored among them. */
  public int samples() {
    return outer * inner;
  }

  /** A scalar, or a loss for each sample. */
  public Shape lossShape() {
    return options.reduction() == Reduction.NONE ? Shape.of(withoutClasses(scores)) : Shape.of();
  }

  /** Where sample i's score for class 0 is; those for the others follow {@code inner} apart. */
  public int at(int i) {
    return i / inner * classes * inner + i % inner;
  }

  /** What a backend throws at a target that is no class and not ignored. */
  public IndexException outside(long label) {
    return GatherPlan.outside(op, label, 1, scores);
  }
}
