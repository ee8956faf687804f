package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.tensor.Shape;
import java.util.Arrays;

/** Measures the algorithms on a problem, each warm and in turns, and takes the fastest. */
final class Tuner {
  private static final int ROUNDS = 5;

  /** An algorithm this many times slower than the best at its first call is not tried again. */
  private static final int HOPELESS = 8;

  private Tuner() {}

  static ConvAlgorithm fastest(Conv2dPlan plan, Direction direction) {
    Operand x = operand(plan, plan.xShape());
    Operand w = operand(plan, plan.wShape());
    Operand y = operand(plan, plan.yShape());
    var candidates =
        Algorithms.all().stream()
            .filter(a -> !(a instanceof Direct) && a.declines(plan, direction) == null)
            .toList();
    long[] best = new long[candidates.size()];
    long bestOfAll = Long.MAX_VALUE;
    Arrays.fill(best, Long.MAX_VALUE);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < best.length; i++) {
        if (best[i] / HOPELESS <= bestOfAll) {
          long start = System.nanoTime();
          run(candidates.get(i), plan, direction, x, w, y);
          best[i] = Math.min(best[i], System.nanoTime() - start);
          bestOfAll = Math.min(bestOfAll, best[i]);
        }
      }
    }
    for (Operand o : new Operand[] {x, w, y}) {
      BufferPool.shared().give(o.array());
    }
    int fastest = 0;
    for (int i = 1; i < best.length; i++) {
      fastest = best[i] < best[fastest] ? i : fastest;
    }
    return candidates.get(fastest);
  }

  /** Calls an algorithm: the three operands are x, w and y or their gradients. */
  static void run(
      ConvAlgorithm a, Conv2dPlan plan, Direction direction, Operand x, Operand w, Operand y) {
    switch (direction) {
      case FORWARD -> a.forward(plan, x, w, Epilogue.NONE, y);
      case BACKWARD_INPUT -> a.backwardInput(plan, y, w, x);
      case BACKWARD_WEIGHT -> a.backwardWeight(plan, x, y, w);
    }
  }

  /** Zeros: a denormal or NaN left in an old array would tell a wrong time. */
  private static Operand operand(Conv2dPlan plan, Shape shape) {
    Object array = BufferPool.shared().take(plan.dtype(), shape.numel());
    Operand operand = new Operand(array, 0);
    Rows.of(plan.dtype()).zero(array, 0, Math.toIntExact(shape.numel()));
    return operand;
  }
}
