package dev.crema.cpu;

import dev.crema.cpu.memory.BufferPool;
import dev.crema.tensor.DType;

/**
 * Working memory for a kernel, from the backend's pool: an array of at least the length asked for,
 * undefined content. Give it back when done; should an exception come between, the garbage
 * collector may have it.
 */
public final class Scratch {
  private Scratch() {}

  /** Floats. */
  public static float[] f32(int length) {
    return BufferPool.shared().f32(length);
  }

  /** Doubles. */
  public static double[] f64(int length) {
    return BufferPool.shared().f64(length);
  }

  /** An array of this type. */
  public static Object of(DType dtype, long length) {
    return BufferPool.shared().take(dtype, length);
  }

  /** Takes back an array that this class gave. */
  public static void give(Object array) {
    BufferPool.shared().give(array);
  }

  /** The most bytes that kernels held at one time since {@link #resetPeak}. */
  public static long peakBytes() {
    return BufferPool.shared().scratchPeak();
  }

  /** Starts a new measurement. */
  public static void resetPeak() {
    BufferPool.shared().resetScratchPeak();
  }
}
