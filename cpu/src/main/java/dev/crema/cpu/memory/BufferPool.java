package dev.crema.cpu.memory;

import dev.crema.backend.MemoryStats;
import dev.crema.tensor.DType;
import dev.crema.tensor.OutOfMemoryException;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Java arrays for reuse, so that a training loop allocates none once it is warm. Arrays lie on
 * shelves by element type and {@link SizeClass}; the last one given is the first taken, while it is
 * still in cache. What is idle may take a quarter of the heap: past that, the shelf unused longest
 * goes to the garbage collector. Content is undefined, and in debug mode ({@code
 * -Dcrema.debug=true}) poisoned. Thread safe.
 */
public final class BufferPool {
  private static final BufferPool SHARED =
      new BufferPool(Runtime.getRuntime().maxMemory() / 4, Boolean.getBoolean("crema.debug"));

  private final @Nullable Shelf[] shelves =
      new @Nullable Shelf[DType.values().length * SizeClass.COUNT];
  private final long maxIdleBytes;
  private final boolean poison;
  private long idleBytes;
  private long clock;
  private long liveBuffers;
  private long liveBytes;
  private long peakBytes;
  private long scratchBytes;
  private long scratchPeak;

  BufferPool(long maxIdleBytes, boolean poison) {
    this.maxIdleBytes = maxIdleBytes;
    this.poison = poison;
  }

  /** The pool of the CPU backend. */
  public static BufferPool shared() {
    return SHARED;
  }

  // ---- buffers ----

  /**
   * A buffer of undefined content.
   *
   * @throws OutOfMemoryException when the heap has no room even with an empty pool, or a Java array
   *     cannot be so long
   */
  public CpuBuffer allocate(DType dtype, long length) {
    CpuBuffer buffer = new CpuBuffer(dtype, length, array(dtype, length), this, true);
    countLive(1, buffer.bytes());
    return buffer;
  }

  /** A buffer over the caller's own array, which never enters the pool. */
  public CpuBuffer wrap(DType dtype, Object array) {
    CpuBuffer buffer = new CpuBuffer(dtype, Array.getLength(array), array, this, false);
    countLive(1, buffer.bytes());
    return buffer;
  }

  /** A buffer's last owner is gone. */
  void freed(CpuBuffer buffer, Object array, boolean pooled) {
    countLive(-1, -buffer.bytes());
    if (pooled) {
      recycle(array);
    }
  }

  private synchronized void countLive(int buffers, long bytes) {
    liveBuffers += buffers;
    liveBytes += bytes;
    peakBytes = Math.max(peakBytes, liveBytes);
  }

  /**
   * What is live and what is idle. A buffer that was dropped without a release counts as live for
   * good.
   */
  public synchronized MemoryStats stats() {
    return new MemoryStats(liveBuffers, liveBytes, peakBytes, idleBytes);
  }

  // ---- scratch ----

  /**
   * Scratch for a kernel: an array of at least {@code length} elements, undefined content. {@link
   * #give} it back; should an exception come between, the garbage collector may have it.
   */
  public float[] f32(int length) {
    return (float[]) take(DType.F32, length);
  }

  /** Scratch of doubles, as {@link #f32}. */
  public double[] f64(int length) {
    return (double[]) take(DType.F64, length);
  }

  /** Scratch of any type, as {@link #f32}: an array of the dtype's type. */
  public Object take(DType dtype, long length) {
    Object array = array(dtype, length);
    countScratch(Array.getLength(array) * (long) dtype.bytes());
    return array;
  }

  /** Takes back an array that {@link #take} gave. */
  public void give(Object array) {
    countScratch(-Array.getLength(array) * (long) dtypeOf(array).bytes());
    recycle(array);
  }

  private synchronized void countScratch(long bytes) {
    scratchBytes += bytes;
    scratchPeak = Math.max(scratchPeak, scratchBytes);
  }

  /** The most bytes that were out as scratch at one time since {@link #resetScratchPeak}. */
  public synchronized long scratchPeak() {
    return scratchPeak;
  }

  /** Starts a new measurement of scratch. */
  public synchronized void resetScratchPeak() {
    scratchPeak = scratchBytes;
  }

  // ---- arrays ----

  private Object array(DType dtype, long length) {
    if (length > SizeClass.MAX_LENGTH) {
      throw new OutOfMemoryException(
          "allocate: expected at most %s elements on the CPU, got %s of %s. Hint: split the tensor"
              .formatted(SizeClass.MAX_LENGTH, length, dtype));
    }
    int sizeClass = SizeClass.of((int) length);
    Object idle = pop(dtype, sizeClass);
    return idle != null ? idle : create(dtype, sizeClass, length);
  }

  private void recycle(Object array) {
    if (poison) {
      poison(array);
    }
    push(dtypeOf(array), SizeClass.of(Array.getLength(array)), array);
  }

  /** Leaves every idle array to the garbage collector. */
  public synchronized void clear() {
    for (Shelf shelf : shelves) {
      if (shelf != null) {
        drop(shelf);
      }
    }
  }

  private synchronized @Nullable Object pop(DType dtype, int sizeClass) {
    Shelf shelf = shelf(dtype, sizeClass);
    Object array = shelf.pop();
    if (array != null) {
      idleBytes -= shelf.bytesEach;
    }
    return array;
  }

  private synchronized void push(DType dtype, int sizeClass, Object array) {
    Shelf shelf = shelf(dtype, sizeClass);
    if (shelf.bytesEach > maxIdleBytes) {
      return;
    }
    shelf.push(array);
    idleBytes += shelf.bytesEach;
    while (idleBytes > maxIdleBytes) {
      drop(leastRecentlyUsed());
    }
  }

  private Shelf shelf(DType dtype, int sizeClass) {
    int at = storage(dtype).ordinal() * SizeClass.COUNT + sizeClass;
    Shelf shelf = shelves[at];
    if (shelf == null) {
      shelf = new Shelf((long) SizeClass.length(sizeClass) * dtype.bytes());
      shelves[at] = shelf;
    }
    shelf.lastUse = ++clock;
    return shelf;
  }

  private Shelf leastRecentlyUsed() {
    Shelf oldest = null;
    for (Shelf shelf : shelves) {
      if (shelf != null
          && shelf.count() > 0
          && (oldest == null || shelf.lastUse < oldest.lastUse)) {
        oldest = shelf;
      }
    }
    if (oldest == null) {
      throw new IllegalStateException("pool: idle bytes without idle arrays");
    }
    return oldest;
  }

  private void drop(Shelf shelf) {
    idleBytes -= shelf.count() * shelf.bytesEach;
    shelf.clear();
  }

  private Object create(DType dtype, int sizeClass, long asked) {
    int length = SizeClass.length(sizeClass);
    Object array;
    try {
      array = newArray(dtype, length);
    } catch (OutOfMemoryError _) {
      clear();
      array = createOrExplain(dtype, length, asked);
    }
    if (poison) {
      poison(array);
    }
    return array;
  }

  private Object createOrExplain(DType dtype, int length, long asked) {
    try {
      return newArray(dtype, length);
    } catch (OutOfMemoryError _) {
      MemoryStats now = stats();
      throw new OutOfMemoryException(
          "allocate: no room for %s elements of %s (%s): %s are live in %s buffers and the heap's limit is %s. Hint: a smaller batch, a Scope around each step, or java -Xmx"
              .formatted(
                  asked,
                  dtype,
                  megabytes(asked * dtype.bytes()),
                  megabytes(now.liveBytes()),
                  now.liveBuffers(),
                  megabytes(Runtime.getRuntime().maxMemory())));
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private static Object newArray(DType dtype, int length) {
    return switch (dtype) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case F16, BF16 -> new short[length];
      case I32 -> new int[length];
      case I64 -> new long[length];
      case U8, BOOL -> new byte[length];
    };
  }

  private static DType dtypeOf(Object array) {
    return switch (array) {
      case float[] _ -> DType.F32;
      case double[] _ -> DType.F64;
      case short[] _ -> DType.F16;
      case int[] _ -> DType.I32;
      case long[] _ -> DType.I64;
      case byte[] _ -> DType.U8;
      default -> throw new IllegalArgumentException("pool: no dtype has " + array.getClass());
    };
  }

  /** The dtype whose arrays this one uses. */
  private static DType storage(DType dtype) {
    return switch (dtype) {
      case BOOL -> DType.U8;
      case BF16 -> DType.F16;
      default -> dtype;
    };
  }

  /** Fills with what no computation survives unnoticed. */
  private static void poison(Object array) {
    switch (array) {
      case float[] a -> Arrays.fill(a, Float.NaN);
      case double[] a -> Arrays.fill(a, Double.NaN);
      case short[] a -> Arrays.fill(a, (short) 0x7FFF); // a NaN of either type
      case int[] a -> Arrays.fill(a, Integer.MIN_VALUE);
      case long[] a -> Arrays.fill(a, Long.MIN_VALUE);
      case byte[] a -> Arrays.fill(a, (byte) 0x80);
      default -> throw new IllegalArgumentException("pool: no dtype has " + array.getClass());
    }
  }
}
