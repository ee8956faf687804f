package dev.crema.cpu.index;

import dev.crema.backend.GatherPlan;
import dev.crema.backend.View;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Checked indices as offsets into the table: the i32 index itself where it lies dense and the
 * table's step is 1, else a tile. For one thread.
 */
final class Offsets implements AutoCloseable {
  /** The longest row piece. */
  static final int TILE = 1024;

  private final GatherPlan plan;
  private final PickNest nest;
  private final Object index;
  private final int @Nullable [] direct;
  private final int[] tile;

  Offsets(GatherPlan plan, PickNest nest, View index) {
    this.plan = plan;
    this.nest = nest;
    this.index = CpuBuffer.array(index);
    this.direct =
        this.index instanceof int[] i && nest.indexStep == 1 && nest.tablePick == 1 ? i : null;
    this.tile = (int[]) BufferPool.shared().take(DType.I32, TILE);
  }

  /** What the offsets are in. */
  int[] array() {
    return direct == null ? tile : direct;
  }

  /** Where in {@link #array} the offsets of the n indices from {@code at} on start. */
  int load(int at, int n) {
    int last = plan.tableSize() - 1;
    int step = nest.indexStep;
    long outside = 0; // negative once any index or its distance from the last was
    if (direct != null) {
      for (int i = 0; i < n; i++) {
        outside |= direct[at + i] | (last - direct[at + i]);
      }
    } else if (index instanceof int[] i32) {
      for (int i = 0; i < n; i++) {
        int chosen = i32[at + i * step];
        outside |= chosen | (last - chosen);
        tile[i] = chosen * nest.tablePick;
      }
    } else {
      long[] i64 = (long[]) index;
      for (int i = 0; i < n; i++) {
        long chosen = i64[at + i * step];
        outside |= chosen | (last - chosen);
        tile[i] = (int) chosen * nest.tablePick;
      }
    }
    if (outside < 0) {
      fail(at, n);
    }
    return direct == null ? 0 : at;
  }

  private void fail(int at, int n) {
    for (int i = 0; i < n; i++) {
      int place = at + i * nest.indexStep;
      long chosen = index instanceof int[] i32 ? i32[place] : ((long[]) index)[place];
      if (chosen < 0 || chosen >= plan.tableSize()) {
        throw plan.outside(chosen);
      }
    }
  }

  @Override
  public void close() {
    BufferPool.shared().give(tile);
  }
}
