package dev.crema.cases;

import dev.crema.tensor.Activation;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Batch norm, in training and in inference. */
final class NormCases {
  private static final double EPS = 1e-5;

  private NormCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    training("images", Input.real(3, 2, 2, 2), cases);
    training("vectors", Input.real(5, 3), cases);
    training("sequences", Input.real(2, 2, 3), cases);
    training("one image", Input.real(1, 2, 2, 3), cases);
    cases.add(affine("large", Input.between(-3, 5, 4, 6, 23, 29)).sums(64).asLarge());
    cases.add(affine("large vectors", Input.between(-3, 5, 150, 131)).sums(64).asLarge());
    cases.add(affine("far from 0", Input.between(1000, 1004, 4, 3, 5, 5)).sums(30_000).asLarge());
    cases.add(relu("images", Input.real(3, 2, 2, 2)));
    cases.add(relu("vectors", Input.real(5, 3)));
    cases.add(relu("large", Input.between(-3, 5, 4, 6, 23, 29)).sums(64).asLarge());
    runningStatistics(cases);
    inference("images", Input.real(3, 2, 2, 2), cases);
    inference("vectors", Input.real(5, 3), cases);
    inference("empty", Input.real(0, 3, 2), cases);
    return cases;
  }

  private static void training(String variant, Input x, List<OpCase> cases) {
    cases.add(affine(variant, x));
    cases.add(
        OpCase.of(
            "batch_norm",
            variant + ", plain",
            t -> t[0].batchNormTraining(null, null, null, null, 0.1, EPS),
            x));
    long c = x.shape().size(1);
    cases.add(
        OpCase.of(
            "batch_norm",
            variant + ", weight only",
            t -> t[0].batchNormTraining(wide(t[1]), null, null, null, 0.1, EPS),
            x,
            Input.real(c)));
  }

  private static OpCase affine(String variant, Input x) {
    long c = x.shape().size(1);
    return OpCase.of(
        "batch_norm",
        variant,
        t -> t[0].batchNormTraining(wide(t[1]), wide(t[2]), null, null, 0.1, EPS),
        x,
        Input.real(c),
        Input.real(c));
  }

  private static OpCase relu(String variant, Input x) {
    long c = x.shape().size(1);
    return OpCase.of(
        "batch_norm",
        variant + ", relu",
        t -> t[0].batchNormTraining(wide(t[1]), wide(t[2]), null, null, 0.1, EPS, Activation.RELU),
        x,
        Input.real(c),
        Input.real(c));
  }

  /** What a training step leaves in the running mean and variance. */
  private static void runningStatistics(List<OpCase> cases) {
    for (boolean variance : new boolean[] {false, true}) {
      cases.add(
          OpCase.of(
              "batch_norm",
              variance ? "running variance" : "running mean",
              t -> {
                Tensor mean = wide(t[1].copy());
                Tensor var = wide(t[2].copy());
                t[0].batchNormTraining(null, null, mean, var, 0.3, EPS);
                return variance ? var : mean;
              },
              Input.real(3, 2, 4).constant(),
              Input.real(2).constant(),
              Input.positive(2).constant()));
    }
  }

  private static void inference(String variant, Input x, List<OpCase> cases) {
    long c = x.shape().size(1);
    Input mean = Input.real(c).constant();
    Input var = Input.positive(c).constant();
    cases.add(
        OpCase.of(
            "batch_norm",
            variant + ", inference",
            t -> t[0].batchNormInference(wide(t[3]), wide(t[4]), wide(t[1]), wide(t[2]), EPS),
            x,
            mean,
            var,
            Input.real(c),
            Input.real(c)));
    cases.add(
        OpCase.of(
            "batch_norm",
            variant + ", inference, relu",
            t ->
                t[0].batchNormInference(
                    wide(t[3]), null, wide(t[1]), wide(t[2]), EPS, Activation.RELU),
            x,
            mean,
            var,
            Input.real(c)));
    cases.add(
        OpCase.of(
            "batch_norm",
            variant + ", inference, plain",
            t -> t[0].batchNormInference(null, null, wide(t[1]), wide(t[2]), EPS),
            x,
            mean,
            var));
  }

  /** As f16 and bf16 images want what is per channel. */
  private static Tensor wide(Tensor t) {
    return t.to(t.dtype().wide());
  }
}
