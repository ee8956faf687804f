package dev.crema.natives;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.crema.cuda.driver.HostAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * A launch with its arguments laid down as Crema's own: a table of pointers with a null at its end,
 * and the values behind.
 */
final class Launch {
  private Launch() {}

  /** An Integer, Long (also for an address), Float, Double or int[] (a struct) each. */
  static int of(CUfunction f, int blocks, int threads, CUstream stream, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1024, 8);
      long at = 8L * (arguments.length + 1);
      for (int i = 0; i < arguments.length; i++) {
        Object v = arguments[i];
        int alignment = v instanceof Long || v instanceof Double ? 8 : 4;
        at = (at + alignment - 1) / alignment * alignment;
        memory.setAtIndex(JAVA_LONG, i, memory.address() + at);
        switch (v) {
          case Integer n -> memory.set(JAVA_INT, at, n);
          case Long n -> memory.set(JAVA_LONG, at, n);
          case Float x -> memory.set(JAVA_FLOAT, at, x);
          case Double x -> memory.set(JAVA_DOUBLE, at, x);
          case int[] n -> MemorySegment.copy(n, 0, memory, JAVA_INT, at, n.length);
          default -> throw new IllegalArgumentException(v.toString());
        }
        at += v instanceof int[] n ? 4L * n.length : alignment;
      }
      var table = new HostAddress(memory.address());
      return JCudaDriver.cuLaunchKernel(f, blocks, 1, 1, threads, 1, 1, 0, stream, table, null);
    }
  }
}
