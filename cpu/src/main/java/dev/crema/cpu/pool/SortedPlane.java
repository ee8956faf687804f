package dev.crema.cpu.pool;

import dev.crema.cpu.memory.BufferPool;
import dev.crema.tensor.DType;
import java.util.Arrays;

/**
 * One plane sorted as its {@link Phases} say, and room for its windows' results. For one thread.
 */
final class SortedPlane implements AutoCloseable {
  final Phases phases;
  final float[] sorted;
  final float[] result;
  final int[] place;

  SortedPlane(Phases phases) {
    this.phases = phases;
    int size = phases.h.stride() * phases.w.stride() * phases.phaseSize;
    this.sorted = BufferPool.shared().f32(size);
    Arrays.fill(sorted, 0, size, 0); // so that no stale NaN is met in what is never written
    this.result = BufferPool.shared().f32(phases.windows + Phases.SLACK);
    this.place = (int[]) BufferPool.shared().take(DType.I32, phases.windows + Phases.SLACK);
  }

  /**
   * Sorts the plane at {@code at}. What a vector writes past the end of a row, the phase's next row
   * overwrites.
   */
  void load(float[] x, int at) {
    int sh = phases.h.stride();
    int sw = phases.w.stride();
    int iw = phases.plan.iw();
    for (int row = 0; row < phases.plan.ih(); row++) {
      int from = at + row * iw;
      int to = row % sh * sw * phases.phaseSize + row / sh * phases.pitch;
      int whole = iw / sw;
      if (sw == 1) {
        System.arraycopy(x, from, sorted, to, whole);
      } else if (sw == 2 && from + 2 * (whole + Phases.SLACK) <= x.length) {
        PoolVector.split(x, from, sorted, to, to + phases.phaseSize, whole);
      } else {
        whole = 0;
      }
      for (int c = whole * sw; c < iw; c++) {
        sorted[to + c % sw * phases.phaseSize + c / sw] = x[from + c];
      }
    }
  }

  /** Takes the wanted windows out of the results, to the plane of y at {@code at}. */
  void store(Object results, Object y, int at) {
    Interior h = phases.h;
    Interior w = phases.w;
    int ow = phases.plan.ow();
    if (phases.pitch == ow && w.count() == ow) {
      System.arraycopy(results, 0, y, at + h.first() * ow, phases.windows);
      return;
    }
    for (int i = 0; i < h.count(); i++) {
      int to = at + (h.first() + i) * ow + w.first();
      System.arraycopy(results, i * phases.pitch, y, to, w.count());
    }
  }

  @Override
  public void close() {
    BufferPool.shared().give(sorted);
    BufferPool.shared().give(result);
    BufferPool.shared().give(place);
  }
}
