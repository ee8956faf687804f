package dev.crema.cpu.norm;

import dev.crema.backend.View;
import dev.crema.cpu.memory.CpuBuffer;

/** Single elements of f32 or f64. */
final class Elements {
  private Elements() {}

  static double get(View x, int i) {
    return get(CpuBuffer.array(x), CpuBuffer.at(x) + i);
  }

  static void set(View x, int i, double value) {
    set(CpuBuffer.array(x), CpuBuffer.at(x) + i, value);
  }

  static double get(Object x, int at) {
    return x instanceof float[] f ? f[at] : ((double[]) x)[at];
  }

  static void set(Object x, int at, double value) {
    if (x instanceof float[] f) {
      f[at] = (float) value;
    } else {
      ((double[]) x)[at] = value;
    }
  }
}
