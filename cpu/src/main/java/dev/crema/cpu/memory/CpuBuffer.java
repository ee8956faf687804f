package dev.crema.cpu.memory;

import dev.crema.backend.Buffer;
import dev.crema.backend.View;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.DType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that is a Java array, or the front of one: arrays from the pool may be longer than the
 * buffer. Kernels take the array out by dtype: {@code CpuBuffer.f32(view)} from {@code
 * CpuBuffer.at(view)} on.
 */
public final class CpuBuffer extends Buffer {
  private final BufferPool pool;
  private final boolean pooled;
  private @Nullable Object array;
  private @Nullable Kept kept;

  CpuBuffer(DType dtype, long length, Object array, BufferPool pool, boolean pooled) {
    super(dtype, length);
    this.array = array;
    this.pool = pool;
    this.pooled = pooled;
  }

  /** The elements of an f32 view's buffer. */
  public static float[] f32(View x) {
    return (float[]) array(x);
  }

  /** The elements of an f64 view's buffer. */
  public static double[] f64(View x) {
    return (double[]) array(x);
  }

  /** The elements of an i32 view's buffer. */
  public static int[] i32(View x) {
    return (int[]) array(x);
  }

  /** The elements of an i64 view's buffer. */
  public static long[] i64(View x) {
    return (long[]) array(x);
  }

  /** The elements of a u8 or bool view's buffer; bool is 0 or 1. */
  public static byte[] u8(View x) {
    return (byte[]) array(x);
  }

  /** The array behind a view, of its dtype's type. */
  public static Object array(View x) {
    return ((CpuBuffer) x.buffer()).array();
  }

  /** Where a view's first element is in its array. */
  public static int at(View x) {
    return (int) x.offset();
  }

  /** The array, of the dtype's type. */
  public Object array() {
    Object a = array;
    if (a == null) {
      throw new ClosedException("buffer: used after its last release");
    }
    return a;
  }

  /**
   * What {@code make} makes of this buffer's elements, if they were used under this key before, and
   * have not changed since; else null. Of an array that others may write nothing is kept.
   */
  public @Nullable Object kept(Object key, Supplier<Object> make) {
    return pooled ? keeper().of(key, version(), make) : null;
  }

  private synchronized Kept keeper() {
    Kept k = kept;
    if (k == null) {
      k = new Kept();
      kept = k;
    }
    return k;
  }

  @Override
  protected void free() {
    Object a = array();
    array = null;
    kept = null;
    pool.freed(this, a, pooled);
  }
}
