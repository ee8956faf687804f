package dev.crema.cpu.pointwise;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.tensor.DType;

/**
 * One operand of an elementwise op as dense runs of the type that is computed in: where it lies
 * when it is dense and of that type, else by way of a tile.
 *
 * @param type the operand's own type
 * @param compute the type computed in
 * @param isDirect whether it is used where it lies
 */
record Operand(
    Strided layout, DType type, Object array, DType compute, boolean isDirect, boolean isConstant) {
  /** Elements of a tile: three of them fit the L1 cache. */
  static final int TILE = 1024;

  static Operand of(PointwisePlan plan, int i, View view, DType compute) {
    Strided layout = Strided.of(plan, i);
    boolean direct = view.dtype() == compute && layout.isDense();
    return new Operand(
        layout, view.dtype(), CpuBuffer.array(view), compute, direct, layout.isConstant());
  }

  /** What the loop works on: the operand itself, or a tile from the pool. */
  Object open() {
    return isDirect ? array : BufferPool.shared().take(compute, TILE);
  }

  void close(Object opened) {
    if (!isDirect) {
      BufferPool.shared().give(opened);
    }
  }

  /** Where in {@code opened} element {@code first} is. */
  int at(int first) {
    return isDirect ? layout.offset() + first : 0;
  }

  /**
   * Brings n elements from {@code first} on to the tile, for a chunk that started at {@code start}.
   */
  void load(Object opened, int start, int first, int n) {
    if (!isDirect && !(isConstant && first > start)) {
      layout.read(type, array, layout.offset(), first, n, compute, opened);
    }
  }

  /** Takes n elements from {@code first} on out of the tile. */
  void store(Object opened, int first, int n) {
    if (!isDirect) {
      layout.write(compute, opened, first, n, type, array);
    }
  }
}
