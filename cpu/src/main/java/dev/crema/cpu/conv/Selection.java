package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.tensor.UnsupportedOpException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which algorithm computes a convolution, decided once for each problem. */
public final class Selection {
  /** The property that sets the policy from outside. */
  public static final String PROPERTY = "crema.cpu.conv";

  private static final System.Logger LOG = System.getLogger("dev.crema.cpu");
  private static final Map<Problem, ConvAlgorithm> CHOSEN = new ConcurrentHashMap<>();
  private static final @Nullable String FAULT;
  private static volatile ConvPolicy policy = ConvPolicy.AUTO;

  static {
    String fault = null;
    try {
      policy = parse(System.getProperty(PROPERTY, "auto"));
    } catch (IllegalArgumentException e) {
      fault = "-D%s: %s".formatted(PROPERTY, e.getMessage());
    }
    FAULT = fault;
  }

  private record Problem(Conv2dPlan plan, Direction direction) {}

  private Selection() {}

  /** What the property asked for and cannot be, or null. */
  public static @Nullable String fault() {
    return FAULT;
  }

  /** The present policy. */
  public static ConvPolicy policy() {
    return policy;
  }

  /** Sets the policy of all convolutions from now on, in all threads. */
  public static void setPolicy(ConvPolicy next) {
    policy = next;
    CHOSEN.clear();
  }

  /**
   * The algorithm for this problem.
   *
   * @throws UnsupportedOpException when a pinned algorithm declines it
   */
  public static ConvAlgorithm of(Conv2dPlan plan, Direction direction) {
    Problem problem = new Problem(plan, direction);
    ConvAlgorithm known = CHOSEN.get(problem);
    if (known != null) {
      return known;
    }
    ConvPolicy now = policy;
    ConvAlgorithm chosen = choose(now, plan, direction);
    if (now == policy) {
      CHOSEN.put(problem, chosen);
    }
    return chosen;
  }

  private static ConvAlgorithm choose(ConvPolicy policy, Conv2dPlan plan, Direction direction) {
    return switch (policy) {
      case ConvPolicy.Auto _ -> auto(plan, direction);
      case ConvPolicy.Tune _ -> tuned(plan, direction);
      case ConvPolicy.Pinned p -> pinned(p, plan, direction);
    };
  }

  /** One thread measures at a time: two would measure each other. */
  private static synchronized ConvAlgorithm tuned(Conv2dPlan plan, Direction direction) {
    ConvAlgorithm known = CHOSEN.get(new Problem(plan, direction));
    return known != null ? known : Tuner.fastest(plan, direction);
  }

  private static ConvAlgorithm pinned(ConvPolicy.Pinned p, Conv2dPlan plan, Direction direction) {
    String reason = p.algorithm().declines(plan, direction);
    if (reason == null) {
      return p.algorithm();
    }
    if (p.strict()) {
      throw new UnsupportedOpException(
          "conv2d %s: the pinned algorithm '%s' declines: %s. Hint: ConvPolicy.prefer falls back to the automatic choice"
              .formatted(direction.label(), p.algorithm().name(), reason));
    }
    ConvAlgorithm instead = auto(plan, direction);
    LOG.log(
        System.Logger.Level.INFO,
        "conv2d {0}: ''{1}'' declines {2}: {3}; ''{4}'' computes it",
        direction.label(),
        p.algorithm().name(),
        plan.wShape(),
        reason,
        instead.name());
    return instead;
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

  /** The policy that this value of the property names. */
  static ConvPolicy parse(String wish) {
    return switch (wish) {
      case "auto" -> ConvPolicy.AUTO;
      case "tune" -> ConvPolicy.TUNE;
      default -> ConvPolicy.prefer(wish);
    };
  }
}
