package dev.crema.tensor;

import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An array on its way to a device, beside what the device computes: what one thread prepares ahead
 * for another.
 *
 * {@snippet :
 * Transfer next = Transfer.start(pixels, DType.U8, shape, Device.cuda()); // on any thread
 * ...
 * Tensor images = next.arrive(); // a moment before it is needed
 * }
 *
 * <p>It is handed from thread to thread, not shared. One that is not wanted any more is closed.
 */
public final class Transfer implements AutoCloseable {
  private final Backend backend;
  private final Shape shape;
  private @Nullable Buffer buffer;

  private Transfer(Backend backend, Shape shape, Buffer buffer) {
    this.backend = backend;
    this.shape = shape;
    this.buffer = buffer;
  }

  /**
   * Starts to copy a Java array of the dtype's type ({@code byte[]} for u8 and bool). The array may
   * be changed as soon as this returns.
   *
   * @throws DTypeException if the array is of another type
   * @throws ShapeException if it has not as many elements as the shape
   */
  public static Transfer start(Object array, DType dtype, Shape shape, Device device) {
    Tensor.checkArray("transfer", array, dtype, shape);
    Backend backend = Backends.get(device);
    return new Transfer(backend, shape, backend.send(dtype, array));
  }

  /**
   * The tensor, in this thread's scope; ops on it wait for its elements, this call does not.
   *
   * @throws ClosedException if it has arrived before, or was closed
   */
  public Tensor arrive() {
    Buffer sent = buffer;
    if (sent == null) {
      throw new ClosedException("transfer: it has arrived already, or was closed");
    }
    backend.receive(sent);
    buffer = null;
    return Tensor.over(backend.device(), sent, shape);
  }

  /** Gives up what has not arrived; else does nothing. */
  @Override
  public void close() {
    Buffer sent = buffer;
    buffer = null;
    if (sent != null) {
      sent.release();
    }
  }
}
