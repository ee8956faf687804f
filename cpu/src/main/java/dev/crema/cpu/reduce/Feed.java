package dev.crema.cpu.reduce;

import dev.crema.backend.View;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Strided;
import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Brings the elements behind one result to an accumulator as dense runs of the computing type:
 * where they lie, or by way of a tile. For one thread.
 */
final class Feed implements AutoCloseable {
  private static final int TILE = 1024;

  private final Strided range;
  private final DType from;
  private final Object x;
  private final DType compute;
  private final @Nullable Object tile;

  Feed(Strided range, View x, DType compute) {
    this.range = range;
    this.from = x.dtype();
    this.x = CpuBuffer.array(x);
    this.compute = compute;
    boolean direct = from == compute && range.innerStride() == 1;
    this.tile = direct ? null : BufferPool.shared().take(compute, TILE);
  }

  /** Feeds elements first .. end − 1 of the range that starts at {@code base}. */
  void run(int base, int first, int end, Accumulator accumulator) {
    if (tile == null) {
      direct(base, first, end, accumulator);
      return;
    }
    for (int i = first; i < end; i += TILE) {
      int n = Math.min(TILE, end - i);
      range.read(from, x, base, i, n, compute, tile);
      accumulator.add(tile, 0, n);
    }
  }

  private void direct(int base, int first, int end, Accumulator accumulator) {
    int inner = range.inner();
    int i = first;
    while (i < end) {
      int row = i / inner;
      int column = i - row * inner;
      int n = Math.min(inner - column, end - i);
      accumulator.add(x, base + range.rowOffset(row) + column, n);
      i += n;
    }
  }

  @Override
  public void close() {
    if (tile != null) {
      BufferPool.shared().give(tile);
    }
  }
}
