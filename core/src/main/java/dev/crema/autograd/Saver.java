package dev.crema.autograd;

import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Collects what an op's gradient keeps alive. */
public final class Saver {
  private final OpNode node;
  private final Tensor output;

  Saver(OpNode node, Tensor output) {
    this.node = node;
    this.output = output;
  }

  /** Keeps a tensor: an input of the op, or one outside the graph. */
  public Saved of(Tensor t) {
    Node place = t.node();
    if (place != null && !node.isInput(place)) {
      throw new IllegalStateException(
          node.op() + ": a gradient keeps only inputs, the result, or tensors outside the graph");
    }
    return add(t, place);
  }

  /**
   * Keeps a tensor only if {@code user}, whose gradient needs it, is differentiable; null
   * otherwise.
   */
  public @Nullable Saved of(Tensor t, Tensor user) {
    return user.requiresGrad() ? of(t) : null;
  }

  /** Keeps a tensor that an op may go without. */
  public @Nullable Saved ofNullable(@Nullable Tensor t) {
    return t == null ? null : of(t);
  }

  /** Keeps the op's own result. */
  public Saved output() {
    return add(output, node);
  }

  private Saved add(Tensor t, @Nullable Node place) {
    Saved one = new Saved(node.op(), t, place);
    node.save(one);
    return one;
  }
}
