package dev.crema.nn.optim;

import dev.crema.autograd.NoGrad;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/** Keeps gradients from exploding; called between backward and step. */
public final class ClipGrad {
  private ClipGrad() {}

  /**
   * Scales all gradients by min(1, maxNorm / (norm + 1e-6)), where norm is the Euclidean norm of
   * all of them together.
   *
   * @return the norm before
   */
  public static double clipGradNorm_(List<Tensor> parameters, double maxNorm) {
    try (var _ = NoGrad.open();
        var _ = Scope.open("clipGradNorm_")) {
      List<Tensor> gradients = gradients(parameters);
      double squares = gradients.stream().mapToDouble(g -> g.square().sum().item()).sum();
      double norm = Math.sqrt(squares);
      double scale = maxNorm / (norm + 1e-6);
      if (scale < 1) {
        gradients.forEach(g -> g.mul_(scale));
      }
      return norm;
    }
  }

  /** Limits each element of each gradient to ±{@code limit}. */
  public static void clipGradValue_(List<Tensor> parameters, double limit) {
    try (var _ = NoGrad.open();
        var _ = Scope.open("clipGradValue_")) {
      gradients(parameters).forEach(g -> g.copy_(g.clamp(-limit, limit)));
    }
  }

  private static List<Tensor> gradients(List<Tensor> parameters) {
    return parameters.stream().map(Tensor::grad).filter(Objects::nonNull).toList();
  }
}
