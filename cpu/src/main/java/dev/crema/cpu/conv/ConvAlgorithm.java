package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import org.jspecify.annotations.Nullable;

/**
 * One way to compute a convolution on the CPU. Implementations are found by {@link
 * java.util.ServiceLoader}, and then stand beside the built-in ones: the lab measures them, and
 * {@link ConvPolicy} puts them into a network.
 *
 * <p>Operands are contiguous, of the plan's shapes and its dtype: x [n, ic, ih, iw], w [oc,
 * ic/groups, kh, kw], y [n, oc, oh, ow]. Everything is checked before, outputs hold anything and
 * are overwritten whole, inputs never change. A result must have the same bits at every call, for
 * any number of threads; {@link dev.crema.cpu.Parallel} makes that easy. Instances are shared
 * between threads. Of operands with infinities or NaN, a result may have NaN where the definition
 * has none: fast algorithms multiply what the definition leaves out by zero.
 */
public interface ConvAlgorithm {
  /** Lower case, words joined by hyphens: {@code winograd-f4}. */
  String name();

  /** Why this algorithm cannot do it, in a few words for a table; null if it can. */
  @Nullable String declines(Conv2dPlan plan, Direction direction);

  /**
   * How long it takes, about, in multiply-adds of a product that keeps the registers busy: what the
   * automatic choice goes by. An algorithm without an estimate is chosen by name or by measuring.
   */
  default double cost(Conv2dPlan plan, Direction direction) {
    return Double.POSITIVE_INFINITY;
  }

  /** y = x ⋆ w, with the epilogue on top. */
  void forward(Conv2dPlan plan, Operand x, Operand w, Epilogue epilogue, Operand y);

  /** gx = the gradient for x of the gradient gy for y. */
  void backwardInput(Conv2dPlan plan, Operand gy, Operand w, Operand gx);

  /** gw = the gradient for w of the gradient gy for y. */
  void backwardWeight(Conv2dPlan plan, Operand x, Operand gy, Operand gw);
}
