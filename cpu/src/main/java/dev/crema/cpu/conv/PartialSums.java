package dev.crema.cpu.conv;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.tensor.DType;

/**
 * A gradient for the weight that tasks sum over images of their own: each of a few parts has a sum
 * for itself, added up in order at the end. How many parts there are must be the problem's own
 * matter, so that the bits do not depend on the threads.
 */
final class PartialSums {
  private final Operand gw;
  private final int parts;
  private final int length;
  private final Rows rows;
  private final Object array;

  /**
   * @param gw where the sum goes; one part is there at once
   * @param length elements of gw
   */
  PartialSums(DType dtype, Operand gw, int parts, int length) {
    this.gw = gw;
    this.parts = parts;
    this.length = length;
    this.rows = Rows.of(dtype);
    this.array = parts == 1 ? gw.array() : BufferPool.shared().take(dtype, (long) parts * length);
  }

  Object array() {
    return array;
  }

  /** Where a part's sum is. */
  int at(int part) {
    return parts == 1 ? gw.at() : part * length;
  }

  /** gw = the parts' sum. */
  void close() {
    if (parts == 1) {
      return;
    }
    Parallel.range(
        length,
        Parallel.grain(parts),
        (from, to) -> {
          rows.copy(array, from, 0, 1, gw.array(), gw.at() + from, 0, 1, to - from);
          for (int part = 1; part < parts; part++) {
            rows.add(array, at(part) + from, gw.array(), gw.at() + from, to - from);
          }
        });
    BufferPool.shared().give(array);
  }
}
