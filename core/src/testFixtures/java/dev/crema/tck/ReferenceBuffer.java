package dev.crema.tck;

import dev.crema.backend.Buffer;
import dev.crema.tensor.DType;
import dev.crema.tensor.Half;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A Java array, read and written one element at a time. Fresh and freed memory is poisoned: NaN
 * where there is one, else a value that no test computes, so what was never written, or is used
 * after its end, shows.
 */
final class ReferenceBuffer extends Buffer {
  private static final int POISON = 0xA5A5A5A5;

  private final Object array;
  private final boolean mine;
  private final Consumer<ReferenceBuffer> onFree;

  private ReferenceBuffer(
      DType dtype, Object array, boolean mine, Consumer<ReferenceBuffer> onFree) {
    super(dtype, Array.getLength(array));
    this.array = array;
    this.mine = mine;
    this.onFree = onFree;
  }

  static ReferenceBuffer poisoned(DType dtype, long length, Consumer<ReferenceBuffer> onFree) {
    int n = Math.toIntExact(length);
    Object array =
        switch (dtype) {
          case F32 -> new float[n];
          case F64 -> new double[n];
          case F16, BF16 -> new short[n];
          case I32 -> new int[n];
          case I64 -> new long[n];
          case U8, BOOL -> new byte[n];
        };
    var buffer = new ReferenceBuffer(dtype, array, true, onFree);
    buffer.poison();
    return buffer;
  }

  static ReferenceBuffer over(DType dtype, Object array, Consumer<ReferenceBuffer> onFree) {
    return new ReferenceBuffer(dtype, array, false, onFree);
  }

  Object array() {
    return array;
  }

  double get(long i) {
    return switch (array) {
      case float[] a -> a[(int) i];
      case double[] a -> a[(int) i];
      case short[] a -> Half.value(dtype(), a[(int) i]);
      default -> getLong(i);
    };
  }

  long getLong(long i) {
    return switch (array) {
      case int[] a -> a[(int) i];
      case long[] a -> a[(int) i];
      case byte[] a -> a[(int) i] & 0xFF;
      default -> throw new IllegalStateException(dtype() + " is not an integer type");
    };
  }

  /** Stores a number by the rules of {@link dev.crema.backend.Backend#copy}. */
  void set(long i, double value) {
    switch (array) {
      case float[] a -> a[(int) i] = (float) value;
      case double[] a -> a[(int) i] = value;
      case short[] a -> a[(int) i] = Half.bits(dtype(), (float) value);
      case int[] a -> a[(int) i] = (int) value;
      case long[] a -> a[(int) i] = (long) value;
      case byte[] a ->
          a[(int) i] = (byte) (dtype() == DType.BOOL ? value != 0 ? 1 : 0 : (int) value);
      default -> throw new IllegalStateException();
    }
  }

  void setLong(long i, long value) {
    switch (array) {
      case float[] a -> a[(int) i] = (float) value;
      case double[] a -> a[(int) i] = (double) value;
      case short[] a -> a[(int) i] = Half.bits(dtype(), (float) value);
      case int[] a -> a[(int) i] = (int) value;
      case long[] a -> a[(int) i] = value;
      case byte[] a -> a[(int) i] = (byte) (dtype() == DType.BOOL ? value != 0 ? 1 : 0 : value);
      default -> throw new IllegalStateException();
    }
  }

  private void poison() {
    switch (array) {
      case float[] a -> Arrays.fill(a, Float.NaN);
      case double[] a -> Arrays.fill(a, Double.NaN);
      case short[] a -> Arrays.fill(a, (short) 0x7FFF); // a NaN of either type
      case int[] a -> Arrays.fill(a, POISON);
      case long[] a -> Arrays.fill(a, POISON);
      case byte[] a -> Arrays.fill(a, (byte) POISON);
      default -> throw new IllegalStateException();
    }
  }

  @Override
  protected void free() {
    if (mine) {
      poison();
    }
    onFree.accept(this);
  }
}
