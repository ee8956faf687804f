package dev.crema.cuda.kernel;

import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import java.util.function.LongFunction;

/**
 * Where a kernel notes the first bad index that it meets, as in {@code crema.cuh}. Nobody waits for
 * it: the error is thrown when the device is next waited for, at the latest when a value is read.
 * Until then, what was picked by a bad index is 0, and what should have been added by one is not.
 */
final class Fault implements AutoCloseable {
  private static final int BYTES = 16;
  private static final long NONE = -1;

  private final CudaDevice device;
  private final CudaMemory memory;

  /** None yet. */
  Fault(CudaDevice device) {
    this.device = device;
    this.memory = device.notes(BYTES);
  }

  long address() {
    return memory.address();
  }

  /** Has the error for the index that is noted by then, if any, thrown later. */
  void check(LongFunction<? extends RuntimeException> error) {
    device.checkLater(
        memory.address(),
        word -> {
          if (word != NONE) {
            throw error.apply(word ^ Long.MIN_VALUE);
          }
        });
  }

  @Override
  public void close() {
    memory.close();
  }
}
