package dev.crema.autograd;

import dev.crema.backend.Backend;
import dev.crema.backend.View;
import dev.crema.tensor.AutogradException;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A tensor kept for an op's gradient: its buffer is retained, and its place in the graph
 * remembered.
 */
public final class Saved {
  private final String op;
  private final Backend backend;
  private final View view;
  private final @Nullable Node node;
  private final int version;

  Saved(String op, Tensor t, @Nullable Node node) {
    this.op = op;
    this.backend = t.backend();
    this.view = t.view();
    // Not retained: it is an input of the op's node or that node itself, so it lives as long as
    // this does.
    this.node = node;
    this.version = view.buffer().version();
    view.buffer().retain();
  }

  /**
   * The tensor, as a new handle in the current scope. Throws {@link AutogradException} if it was
   * changed in place since.
   */
  public Tensor get() {
    int now = view.buffer().version();
    if (now != version) {
      throw new AutogradException(
          "backward: a tensor of shape %s that '%s' saved for its gradient was changed in place %s time(s) since. Hint: change a copy"
              .formatted(view.shape(), op, now - version));
    }
    view.buffer().retain();
    return Tensor.of(backend, view, node);
  }

  void release() {
    view.buffer().release();
  }
}
