package dev.crema.autograd;

import dev.crema.backend.Capture;
import dev.crema.tensor.AutogradException;
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
  private boolean freed;

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
    Capture capture = Capture.current();
    if (capture != null) {
      accumulate(g, capture);
    } else {
      add(g);
    }
  }

  /** In a step that is captured: its runs find and leave this gradient here. */
  private void accumulate(Tensor g, Capture capture) {
    boolean first = grad == null;
    if (!first && !capture.isMarked(this)) {
      g.close();
      throw new AutogradException(
          "backward: in a captured step, the gradient of shape %s would be added to that of the step before. Hint: zeroGrad() inside the step, before backward()"
              .formatted(shape));
    }
    add(g);
    if (first && grad != null) {
      capture.mark(this);
      Tensor mine = Scope.escape(grad.alias());
      Capture.eachRun(() -> restore(mine));
      capture.onAbort(() -> drop(mine));
      capture.onClose(mine::close);
    }
  }

  private synchronized void restore(Tensor mine) {
    if (!freed && (grad == null || grad.buffer() != mine.buffer())) {
      setGrad(mine.alias());
    }
  }

  private synchronized void drop(Tensor mine) {
    if (grad != null && grad.buffer() == mine.buffer()) {
      setGrad(null);
    }
  }

  private void add(Tensor g) {
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
    freed = true;
    setGrad(null);
  }
}
