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
  private static final @Nullable String FAULT;
  private static volatile Choices choices = new Choices(ConvPolicy.AUTO);

  static {
    String fault = null;
    try {
      choices = new Choices(parse(System.getProperty(PROPERTY, "auto")));
    } catch (IllegalArgumentException e) {
      fault = "-D%s is auto, tune or a %s".formatted(PROPERTY, e.getMessage());
    }
    FAULT = fault;
  }

  private record Problem(Conv2dPlan plan, Direction direction) {}

  /** A policy with what it chose: one thing, so that no choice outlives its policy. */
  private record Choices(ConvPolicy policy, Map<Problem, ConvAlgorithm> made) {
    Choices(ConvPolicy policy) {
      this(policy, new ConcurrentHashMap<>());
    }
  }

  private Selection() {}

  /** What the property asked for and cannot be, or null. */
  public static @Nullable String fault() {
    return FAULT;
  }

  /** The present policy. */
  public static ConvPolicy policy() {
    return choices.policy;
  }

  /** Sets the policy of all convolutions from now on, in all threads. */
  public static void setPolicy(ConvPolicy next) {
    choices = new Choices(next);
  }

  /**
   * The algorithm for this problem.
   *
   * @throws UnsupportedOpException when a pinned algorithm declines it
   */
  public static ConvAlgorithm of(Conv2dPlan plan, Direction direction) {
    Choices now = choices;
    Problem problem = new Problem(plan, direction);
    ConvAlgorithm known = now.made.get(problem);
    if (known != null) {
      return known;
    }
    ConvAlgorithm chosen =
        switch (now.policy) {
          case ConvPolicy.Auto _ -> auto(plan, direction);
          case ConvPolicy.Tune _ -> tuned(now, problem);
          case ConvPolicy.Pinned p -> pinned(p, plan, direction);
        };
    now.made.put(problem, chosen);
    return chosen;
  }

  /** One thread measures at a time: two would measure each other. */
  private static synchronized ConvAlgorithm tuned(Choices now, Problem problem) {
    ConvAlgorithm known = now.made.get(problem);
    return known != null ? known : Tuner.fastest(problem.plan, problem.direction);
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
