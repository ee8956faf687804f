package dev.crema.cuda.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.driver.HostAddress;
import dev.crema.cuda.driver.Live;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one launch, in native memory: first a table of pointers, one per argument and a
 * null after the last, as cuLaunchKernel reads it; then the values, each aligned to its size. Used
 * again for every launch of a thread.
 */
public final class Args {
  private static final int MAX_ARGS = 64;
  private static final int VALUES = 8 * (MAX_ARGS + 1);
  private static final int BYTES = VALUES + 4096; // the driver's own limit for all of them

  private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 8);
  private final HostAddress table = new HostAddress(memory.address());
  private @Nullable Kernel kernel;
  private int count;
  private int at;

  Args() {}

  Args start(Kernel of) {
    kernel = of;
    count = 0;
    at = VALUES;
    return this;
  }

  public Args i32(int v) {
    memory.set(JAVA_INT, next(4, 4), v);
    return this;
  }

  public Args i64(long v) {
    memory.set(JAVA_LONG, next(8, 8), v);
    return this;
  }

  public Args f64(double v) {
    memory.set(JAVA_DOUBLE, next(8, 8), v);
    return this;
  }

  /** A device address. */
  public Args ptr(long devicePointer) {
    return i64(devicePointer);
  }

  /** The address of the view's first element. */
  public Args at(View v) {
    return i64(CudaBuffer.address(v));
  }

  /** A struct of that many ints, by value. */
  public Args ints(int... v) {
    MemorySegment.copy(v, 0, memory, JAVA_INT, next(4 * v.length, 4), v.length);
    return this;
  }

  /** A struct of that many longs, or of device addresses, by value. */
  public Args longs(long... v) {
    MemorySegment.copy(v, 0, memory, JAVA_LONG, next(8 * v.length, 8), v.length);
    return this;
  }

  /** What may be another in each run: the struct {@code Live} of {@code crema.cuh}. */
  public Args live(Live v) {
    int from = next(8 * (v.values().length + 1), 8);
    MemorySegment.copy(v.values(), 0, memory, JAVA_LONG, from, v.values().length);
    memory.set(JAVA_LONG, from + 8L * v.values().length, v.address());
    return this;
  }

  /**
   * Launches the kernel on its device's stream. No blocks: nothing happens.
   *
   * @param blocks the grid, which has one dimension
   * @param threads per block
   * @param sharedBytes dynamic shared memory per block
   */
  public void launch(long blocks, int threads, int sharedBytes) {
    Kernel k = kernel;
    if (k == null) {
      throw new IllegalStateException("kernel: launched twice from one argument list");
    }
    kernel = null;
    if (blocks > 0) {
      memory.set(JAVA_LONG, 8L * count, 0);
      k.device.launch(k.name, k.function, blocks, threads, sharedBytes, table);
    }
  }

  private int next(int bytes, int alignment) {
    int from = (at + alignment - 1) / alignment * alignment;
    if (count == MAX_ARGS || from + bytes > BYTES) {
      throw new IllegalStateException("kernel: more arguments than a launch may have");
    }
    memory.set(JAVA_LONG, 8L * count++, memory.address() + from);
    at = from + bytes;
    return from;
  }
}
