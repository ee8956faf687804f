package dev.crema.cpu.conv;

import dev.crema.backend.View;
import dev.crema.cpu.memory.CpuBuffer;

/** A tensor's array, {@code float[]} or {@code double[]}, and where in it the tensor starts. */
record Operand(Object array, int at) {
  static Operand of(View x) {
    return new Operand(CpuBuffer.array(x), CpuBuffer.at(x));
  }
}
