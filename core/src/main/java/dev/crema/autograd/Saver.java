package dev.crema.autograd;

import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what an op's gradient keeps alive. */
public final class Saver {
  private final OpNode node;
  private final Tensor output;
  private final List<Saved> saved = new ArrayList<>(4);

  Saver(OpNode node, Tensor output) {
    this.node = node;
    this.output = output;
  }

  /** Keeps a tensor. */
  public Saved of(Tensor t) {
    return add(t, t.node());
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
    saved.add(one);
    return one;
  }

  List<Saved> all() {
    return saved;
  }
}
