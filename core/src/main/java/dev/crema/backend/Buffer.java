package dev.crema.backend;

import dev.crema.tensor.ClosedException;
import dev.crema.tensor.DType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A run of elements in a backend's memory, reference counted. It starts with one reference; whoever
 * stores it retains it, and the last {@link #release} gives the memory back. Counting is thread
 * safe, since threads may share a model's parameters.
 *
 * <p>{@link #version} counts the in-place changes, so that autograd notices when a saved tensor was
 * overwritten.
 */
public abstract class Buffer {
  private static final VarHandle REFERENCES;
  private static final VarHandle VERSION;

  static {
    try {
      var lookup = MethodHandles.lookup();
      REFERENCES = lookup.findVarHandle(Buffer.class, "references", int.class);
      VERSION = lookup.findVarHandle(Buffer.class, "version", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final DType dtype;
  private final long length;
  private volatile int references = 1;
  private volatile int version;

  protected Buffer(DType dtype, long length) {
    this.dtype = dtype;
    this.length = length;
  }

  public final DType dtype() {
    return dtype;
  }

  /** The number of elements. */
  public final long length() {
    return length;
  }

  /** The number of bytes that the elements take. */
  public final long bytes() {
    return length * dtype.bytes();
  }

  /** One more owner. */
  public final void retain() {
    int before = (int) REFERENCES.getAndAdd(this, 1);
    if (before <= 0) {
      REFERENCES.getAndAdd(this, -1);
      throw new ClosedException("buffer: retained after its last release");
    }
  }

  /** One owner less; the last one frees the memory. */
  public final void release() {
    int before = (int) REFERENCES.getAndAdd(this, -1);
    if (before == 1) {
      free();
    } else if (before < 1) {
      throw new IllegalStateException("buffer: released more often than retained");
    }
  }

  /** Whether there is one owner only, who may then overwrite the elements unseen. */
  public final boolean isUnique() {
    return references == 1;
  }

  /** The number of in-place changes so far. */
  public final int version() {
    return version;
  }

  /** Notes an in-place change. */
  public final void touch() {
    Capture capture = Capture.current();
    if (capture != null) {
      capture.writes(this);
    }
    VERSION.getAndAdd(this, 1);
  }

  /** Gives the memory back to the backend. Called once. */
  protected abstract void free();
}
