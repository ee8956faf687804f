package dev.crema.autograd;

import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Where backward ends: a tensor that wants a gradient, and that gradient, which lives outside all
 * scopes.
 */
public final class Leaf extends Node {
  private static final @Nullable Node[] NO_INPUTS = new Node[0];

  private @Nullable Tensor grad;

  public Leaf(Shape shape) {
    super(shape);
  }

  @Override
  public String op() {
    return "leaf";
  }

  @Override
  @Nullable Node[] inputs() {
    return NO_INPUTS;
  }

  /** The sum of the gradients so far, or null. */
  public synchronized @Nullable Tensor grad() {
    return grad;
  }

  /** Replaces the gradient, taking ownership; null drops it. */
  public synchronized void setGrad(@Nullable Tensor replacement) {
    if (grad != null && grad != replacement) {
      grad.close();
    }
    grad = replacement == null ? null : Scope.escape(replacement);
  }

  /** Adds a gradient; takes ownership of the handle. */
  synchronized void accumulate(Tensor g) {
    if (grad == null && g.isContiguous() && g.buffer().isUnique()) {
      grad = g;
      return;
    }
    try (g) {
      if (grad == null) {
        grad = Scope.escape(g.copy());
      } else if (GradMode.isRecording()) {
        setGrad(grad.add(g));
      } else {
        grad.add_(g);
      }
    }
  }

  @Override
  void free() {
    setGrad(null);
  }
}
