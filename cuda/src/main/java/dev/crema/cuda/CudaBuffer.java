package dev.crema.cuda;

import dev.crema.backend.Buffer;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * A buffer in a device's memory. Elements lie as on the CPU: f32, f64, f16, bf16, i32, i64, and one
 * byte each for u8 and bool (0 or 1).
 */
public final class CudaBuffer extends Buffer {
  private volatile @Nullable CudaMemory memory;

  CudaBuffer(DType dtype, long length, CudaMemory memory) {
    super(dtype, length);
    this.memory = memory;
  }

  /** The device address of a view's first element, for the op that runs. */
  public static long address(View x) {
    return ((CudaBuffer) x.buffer()).address() + x.offset() * x.dtype().bytes();
  }

  /** The device address of the first element, for the op that runs: until then this is held. */
  public long address() {
    CudaDevice.hold(this);
    return memory().address();
  }

  /** What it lies in. */
  CudaMemory memory() {
    CudaMemory m = memory;
    if (m == null) {
      throw new ClosedException("buffer: used after its last release");
    }
    return m;
  }

  @Override
  protected void free() {
    CudaMemory m = memory();
    memory = null;
    m.close();
  }
}
