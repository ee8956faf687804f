package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** Measures algorithms on a problem, each warm and then in turns, and takes the fastest. */
final class Tuner {
  /** How long each runs before it counts: until the JIT is done with it, as a rule. */
  private static final long WARM_NANOS = 300_000_000;

  private static final int ROUNDS = 5;

  private Tuner() {}

  /** The fastest of all but the definition. */
  static ConvAlgorithm fastest(Conv2dPlan plan, Direction direction) {
    return fastest(
        plan,
        direction,
        Algorithms.all().stream()
            .filter(a -> !(a instanceof Direct) && a.declines(plan, direction) == null)
            .toList());
  }

  static ConvAlgorithm fastest(
      Conv2dPlan plan, Direction direction, List<ConvAlgorithm> candidates) {
    Operand x = operand(plan, plan.xShape());
    Operand w = operand(plan, plan.wShape());
    Operand y = operand(plan, plan.yShape());
    for (ConvAlgorithm candidate : candidates) {
      long start = System.nanoTime();
      do {
        direction.run(candidate, plan, x, w, y);
      } while (System.nanoTime() - start < WARM_NANOS);
    }
    long[] best = new long[candidates.size()];
    Arrays.fill(best, Long.MAX_VALUE);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < best.length; i++) {
        long start = System.nanoTime();
        direction.run(candidates.get(i), plan, x, w, y);
        best[i] = Math.min(best[i], System.nanoTime() - start);
      }
    }
    for (Operand o : List.of(x, w, y)) {
      BufferPool.shared().give(o.array());
    }
    int fastest = 0;
    for (int i = 1; i < best.length; i++) {
      fastest = best[i] < best[fastest] ? i : fastest;
    }
    return candidates.get(fastest);
  }

  /** Zeros: a denormal or NaN left in an old array would tell a wrong time. */
  private static Operand operand(Conv2dPlan plan, Shape shape) {
    Object array = BufferPool.shared().take(plan.dtype(), shape.numel());
    Rows.of(plan.dtype()).zero(array, 0, Math.toIntExact(shape.numel()));
    return new Operand(array, 0);
  }
}
