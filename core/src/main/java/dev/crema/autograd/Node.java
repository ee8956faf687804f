package dev.crema.autograd;

import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tensor's place in the graph: a {@link Leaf}, or an op's result. It is counted by the tensor
 * handles that carry it and by the nodes made from it; at zero it frees what it holds. Ids grow
 * with time, so a node's inputs always have smaller ids: that order is topological.
 */
public abstract sealed class Node permits Leaf, OpNode {
  private static final AtomicLong IDS = new AtomicLong();

  final long id = IDS.getAndIncrement();
  final Shape shape;
  private final AtomicInteger references = new AtomicInteger();
  private final List<Function<Tensor, @Nullable Tensor>> hooks = new ArrayList<>(0);

  Node(Shape shape) {
    this.shape = shape;
  }

  /** The name of the op that made the tensor, or {@code leaf}. */
  public abstract String op();

  /** What the node was made from; null where an input is not differentiable. */
  abstract @Nullable Node[] inputs();

  /** Gives up what the node holds. Called once the last reference is gone, and possibly before. */
  abstract void free();

  public final void retain() {
    references.incrementAndGet();
  }

  /** One holder less. Dead nodes are freed from a work list, so a deep graph costs no stack. */
  public final void release() {
    int left = references.decrementAndGet();
    if (left > 0) {
      return;
    }
    if (left < 0) {
      throw new IllegalStateException(op() + ": a graph node released more often than retained");
    }
    var dead = new ArrayDeque<Node>();
    dead.push(this);
    while (!dead.isEmpty()) {
      Node node = dead.pop();
      node.free();
      for (Node input : node.inputs()) {
        if (input != null && input.references.decrementAndGet() == 0) {
          dead.push(input);
        }
      }
    }
  }

  /**
   * Adds a function that sees, and may replace, the gradient for this node's tensor once it is
   * complete. Closing the result removes it.
   */
  public final Hook addHook(Function<Tensor, @Nullable Tensor> hook) {
    hooks.add(hook);
    return () -> hooks.remove(hook);
  }

  /** What the hooks make of a gradient; the same object where they leave it. */
  final Tensor hooked(Tensor gradient) {
    Tensor g = gradient;
    for (var hook : List.copyOf(hooks)) {
      Tensor replaced = hook.apply(g);
      if (replaced != null) {
        g = replaced;
      }
    }
    return g;
  }

  final boolean hasHooks() {
    return !hooks.isEmpty();
  }

  /** A registered hook; close it to remove it. */
  public interface Hook extends AutoCloseable {
    @Override
    void close();
  }
}
