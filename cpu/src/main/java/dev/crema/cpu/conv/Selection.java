package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.tensor.UnsupportedOpException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which algorithm computes a convolution, decided once for each problem. */
public final class Selection {
  private static volatile ConvPolicy policy = fromProperty();
  private static final Map<Problem, ConvAlgorithm> CHOSEN = new ConcurrentHashMap<>();

  private record Problem(Conv2dPlan plan, Direction direction) {}

  private Selection() {}

  /** The present policy. */
  public static ConvPolicy policy() {
    return policy;
  }

  /** Sets the policy of all convolutions from now on, in all threads. */
  public static synchronized void setPolicy(ConvPolicy next) {
    policy = next;
    CHOSEN.clear();
  }

  /**
   * The algorithm for this problem.
   *
   * @throws UnsupportedOpException when a pinned algorithm declines it
   */
  public static ConvAlgorithm of(Conv2dPlan plan, Direction direction) {
    return CHOSEN.computeIfAbsent(
        new Problem(plan, direction), _ -> choose(policy, plan, direction));
  }

  private static ConvAlgorithm choose(ConvPolicy policy, Conv2dPlan plan, Direction direction) {
    return switch (policy) {
      case ConvPolicy.Auto _ -> auto(plan, direction);
      case ConvPolicy.Tune _ -> Tuner.fastest(plan, direction);
      case ConvPolicy.Pinned p -> {
        String reason = p.algorithm().declines(plan, direction);
        if (reason == null) {
          yield p.algorithm();
        }
        if (p.strict()) {
          throw new UnsupportedOpException(
              "conv2d %s: the pinned algorithm '%s' declines: %s. Hint: ConvPolicy.prefer falls back to the automatic choice"
                  .formatted(direction.label(), p.algorithm().name(), reason));
        }
        yield auto(plan, direction);
      }
    };
  }

  /**
   * The cheapest by its own estimate of those that do not decline, by the problem's shape alone.
   */
  public static ConvAlgorithm auto(Conv2dPlan plan, Direction direction) {
    return Algorithms.all().stream()
        .filter(a -> a.declines(plan, direction) == null)
        .min(Comparator.comparingDouble(a -> a.cost(plan, direction)))
        .orElseThrow();
  }

  private static ConvPolicy fromProperty() {
    String wish = System.getProperty("crema.cpu.conv", "auto");
    return switch (wish) {
      case "auto" -> ConvPolicy.AUTO;
      case "tune" -> ConvPolicy.TUNE;
      default -> ConvPolicy.prefer(wish);
    };
  }
}
