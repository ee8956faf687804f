package dev.crema.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Closes the tensors that were made inside it, in a try-with-resources block:
 *
 * {@snippet :
 * try (Scope step = Scope.open("step")) {
 *   Tensor loss = model.call(x).crossEntropy(y);
 *   loss.backward();
 * } // every intermediate result is gone; parameters and their gradients stay
 * }
 *
 * <p>Scopes nest, belong to the thread that opened them, and close in order. {@link #keep} hands a
 * result to the scope outside. Without any scope, tensors on the CPU are left to the garbage
 * collector.
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

  private final String name;
  private final @Nullable Scope parent;
  private final Thread thread = Thread.currentThread();
  private List<Tensor> tensors = new ArrayList<>();
  private boolean closed;

  private Scope(String name) {
    this.name = name;
    this.parent = CURRENT.get();
    CURRENT.set(this);
  }

  /** Opens a scope on this thread; the name appears in errors. */
  public static Scope open(String name) {
    return new Scope(name);
  }

  /**
   * Takes a tensor out of its scope: from here on whoever holds it closes it. For parameters,
   * gradients and optimizer state.
   */
  public static Tensor escape(Tensor t) {
    t.owner = null;
    return t;
  }

  /**
   * Hands a tensor of this scope, with the graph that hangs from it, to the scope outside, or to
   * the caller if there is none.
   */
  public Tensor keep(Tensor t) {
    if (t.owner == this) {
      t.owner = parent;
      if (parent != null) {
        parent.tensors.add(t);
      }
    }
    return t;
  }

  /** Closes every tensor that is still in this scope. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (Thread.currentThread() != thread || CURRENT.get() != this) {
      throw new IllegalStateException(
          "scope '%s': closed out of order or on another thread. Hint: use try-with-resources"
              .formatted(name));
    }
    closed = true;
    if (parent == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(parent);
    }
    List<Tensor> mine = tensors;
    tensors = List.of();
    for (Tensor t : mine) {
      if (t.owner == this) {
        t.close();
        t.owner = this; // whom a later use is told of
      }
    }
  }

  /** Puts a new tensor into this thread's innermost scope, if there is one. */
  static void adopt(Tensor t) {
    Scope scope = CURRENT.get();
    if (scope != null) {
      t.owner = scope;
      scope.tensors.add(t);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
