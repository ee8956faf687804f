package dev.crema.cpu.conv;

import dev.crema.backend.View;
import dev.crema.cpu.memory.CpuBuffer;
import java.lang.reflect.Array;

/**
 * A contiguous tensor as a kernel sees it.
 *
 * @param array {@code float[]} or {@code double[]}
 * @param at the index of the tensor's first element
 */
public record Operand(Object array, int at) {
  static Operand of(View x) {
    return new Operand(CpuBuffer.array(x), CpuBuffer.at(x));
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
