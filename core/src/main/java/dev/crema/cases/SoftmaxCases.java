package dev.crema.cases;

import dev.crema.op.CrossEntropy;
import dev.crema.tensor.CrossEntropyOptions;
import dev.crema.tensor.CrossEntropyOptions.Reduction;
import dev.crema.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Softmax, its logarithm, and cross-entropy. */
final class SoftmaxCases {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final CrossEntropyOptions DEFAULT = CrossEntropyOptions.DEFAULT;

  private SoftmaxCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int dim : new int[] {0, 1, 2, -1}) {
      softmaxes("dim " + dim, dim, Input.real(3, 4, 2), cases);
    }
    softmaxes("vector", 0, Input.real(5), cases);
    softmaxes("of one", 1, Input.real(3, 1), cases);
    softmaxes("empty", 1, Input.real(0, 4), cases);
    double[] far = {1000, 1001, -1000, 0, 80, -80, 1e30};
    softmaxes("far", 1, Input.cycle(far, 5, 11), cases);
    double[] masked = {-INFINITY, 1, 2, -INFINITY, 3, -INFINITY, -INFINITY, 0.5};
    softmaxes("masked", 1, Input.cycle(masked, 5, 7), cases);
    softmaxes("not a number", 1, Input.cycle(new double[] {1, 2, Double.NaN, 3, 4}, 3, 7), cases);
    largeSoftmaxes("large rows", 1, Input.between(-9, 9, 150, 133), cases);
    largeSoftmaxes("large columns", 0, Input.between(-9, 9, 133, 150), cases);
    crossEntropies(cases);
    return cases;
  }

  private static void softmaxes(String variant, int dim, Input x, List<OpCase> cases) {
    cases.add(OpCase.of("softmax", variant, t -> t[0].softmax(dim), x));
    cases.add(OpCase.of("log_softmax", variant, t -> t[0].logSoftmax(dim), x));
  }

  private static void largeSoftmaxes(String variant, int dim, Input x, List<OpCase> cases) {
    cases.add(OpCase.of("softmax", variant, t -> t[0].softmax(dim), x).sums(32).asLarge());
    cases.add(OpCase.of("log_softmax", variant, t -> t[0].logSoftmax(dim), x).sums(32).asLarge());
  }

  private static void crossEntropies(List<OpCase> cases) {
    Input scores = Input.real(4, 3);
    Input target = Input.indices(3, 4);
    cases.add(crossEntropy("", DEFAULT, scores, target));
    for (Reduction reduction : Reduction.values()) {
      cases.add(
          crossEntropy("reduction " + reduction, DEFAULT.reduction(reduction), scores, target));
    }
    cases.add(crossEntropy("smoothing", DEFAULT.labelSmoothing(0.1), scores, target));
    Input some = some(2, -100, 0, 1);
    cases.add(crossEntropy("some ignored", DEFAULT, scores, some));
    cases.add(crossEntropy("some ignored, smoothing", DEFAULT.labelSmoothing(0.2), scores, some));
    cases.add(crossEntropy("class 0 ignored", DEFAULT.ignoreIndex(0), scores, some(2, 0, 0, 1)));
    Input i32 = Input.cycle(DType.I32, new double[] {2, -100, 0, 1}, 4);
    cases.add(crossEntropy("i32", DEFAULT, scores, i32));
    Input positions = Input.real(2, 3, 2, 2);
    cases.add(crossEntropy("per position", DEFAULT, positions, Input.indices(3, 2, 2, 2)));
    cases.add(
        crossEntropy(
            "per position, smoothing, unreduced",
            DEFAULT.labelSmoothing(0.1).reduction(Reduction.NONE),
            positions,
            Input.indices(3, 2, 2, 2)));
    Input impossible = Input.cycle(new double[] {-INFINITY, 1, 2, 0.5, -1, 3}, 4, 3);
    cases.add(crossEntropy("ignored and impossible", DEFAULT, impossible, some(1, -100, 2, -100)));
    cases.add(
        OpCase.of("nll_loss", "", t -> CrossEntropy.nllLoss(t[0], t[1], DEFAULT), scores, some));
    cases.add(
        OpCase.of(
            "nll_loss",
            "sum, smoothing",
            t ->
                CrossEntropy.nllLoss(
                    t[0], t[1], DEFAULT.labelSmoothing(0.1).reduction(Reduction.SUM)),
            scores,
            target));
    cases.add(
        crossEntropy(
            "per position, some ignored",
            DEFAULT.labelSmoothing(0.1),
            Input.real(1, 3, 2, 2),
            Input.cycle(DType.I64, new double[] {2, -100, 0, 1}, 1, 2, 2)));
    cases.add(
        crossEntropy(
            "no samples", DEFAULT.reduction(Reduction.SUM), Input.real(0, 3), Input.indices(3, 0)));
    cases.add(
        crossEntropy(
                "large, per position, smoothing",
                DEFAULT.labelSmoothing(0.1),
                Input.between(-5, 5, 5, 21, 37, 41),
                Input.indices(21, 5, 37, 41))
            .sums(64)
            .asLarge());
    cases.add(
        crossEntropy("large", DEFAULT, Input.between(-5, 5, 300, 100), Input.indices(100, 300))
            .sums(64)
            .asLarge());
  }

  private static Input some(double... classes) {
    return Input.cycle(DType.I64, classes, classes.length);
  }

  private static OpCase crossEntropy(
      String variant, CrossEntropyOptions o, Input scores, Input target) {
    return OpCase.of("cross_entropy", variant, t -> t[0].crossEntropy(t[1], o), scores, target);
  }
}
