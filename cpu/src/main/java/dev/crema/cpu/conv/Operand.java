package dev.crema.cpu.conv;

import dev.crema.backend.Buffer;
import dev.crema.backend.View;
import dev.crema.cpu.memory.CpuBuffer;
import java.lang.reflect.Array;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A contiguous tensor as a kernel sees it.
 *
 * @param array {@code float[]} or {@code double[]}
 * @param at the index of the tensor's first element
 * @param buffer what the array belongs to, if a tensor has it
 */
public record Operand(Object array, int at, @Nullable Buffer buffer) {
  /** An array of no tensor. */
  public Operand(Object array, int at) {
    this(array, at, null);
  }

  static Operand of(View x) {
    return new Operand(CpuBuffer.array(x), CpuBuffer.at(x), x.buffer());
  }

  /**
   * What {@code make} makes of the elements, if they were used under this key before and have not
   * changed since; else null. Weights of a network that infers are used often, those of one that
   * trains change.
   */
  public @Nullable Object kept(Object key, Supplier<Object> make) {
    return buffer instanceof CpuBuffer b ? b.kept(key, make) : null;
  }

  /** The array of an f32 tensor. */
  public float[] f32() {
    return (float[]) array;
  }

  /** The array of an f64 tensor. */
  public double[] f64() {
    return (double[]) array;
  }

  /** The array's length. */
  int length() {
    return Array.getLength(array);
  }
}
