package dev.crema.cpu.pool;

import dev.crema.backend.Pool2dPlan;
import dev.crema.cpu.BufferPool;
import dev.crema.cpu.pointwise.Cast;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.Arrays;

/**
 * An f32 plane sorted by row and column modulo the strides: [sh][sw][⌈ih/sh⌉][pitch]. Window (i, j)
 * of the interior finds its tap t at {@code tapAt[t] + i·pitch + j}, so one dense range serves all
 * windows; what lies between the rows' ends comes out as windows that nobody wants. For one thread.
 */
final class Phases implements AutoCloseable {
  /** Fewer windows than this do not repay the sorting. */
  private static final int FEWEST = 8;

  /** What a vector may read past the last window. */
  private static final int SLACK = 16;

  final Interior h;
  final Interior w;
  final int pitch;

  /** The taps' number, and of each where it lies for window (0, 0) here and in the plane. */
  final int taps;

  final int[] tapAt;
  final int[] tapPlace;

  /** The windows to compute, unwanted ones between rows among them. */
  final int windows;

  final float[] sorted;

  /** Room for the results of {@link #windows} windows. */
  final float[] result;

  final int[] place;

  private final Pool2dPlan plan;
  private final int phaseSize;

  private Phases(Pool2dPlan plan, Interior h, Interior w) {
    this.plan = plan;
    this.h = h;
    this.w = w;
    this.pitch = Math.ceilDiv(plan.iw(), w.stride());
    this.phaseSize = Math.ceilDiv(plan.ih(), h.stride()) * pitch;
    this.windows = (h.count() - 1) * pitch + w.count();
    this.taps = h.taps() * w.taps();
    this.tapAt = new int[taps];
    this.tapPlace = new int[taps];
    for (int t = 0; t < taps; t++) {
      int row = h.start() + t / w.taps() * plan.h().step();
      int column = w.start() + t % w.taps() * plan.w().step();
      int phase = row % h.stride() * w.stride() + column % w.stride();
      tapAt[t] = phase * phaseSize + row / h.stride() * pitch + column / w.stride();
      tapPlace[t] = row * plan.iw() + column;
    }
    int size = h.stride() * w.stride() * phaseSize + SLACK;
    this.sorted = BufferPool.shared().f32(size);
    Arrays.fill(sorted, 0, size, 0); // so that no stale NaN is met in what is never written
    this.result = BufferPool.shared().f32(windows + SLACK);
    this.place = (int[]) BufferPool.shared().take(DType.I32, windows + SLACK);
  }

  /** Whether enough windows are regular, and there are vectors. */
  static boolean pays(Pool2dPlan plan) {
    return Simd.VECTOR
        && plan.dtype() == DType.F32
        && Interior.of(plan.h()).count() * Interior.of(plan.w()).count() >= FEWEST;
  }

  static Phases open(Pool2dPlan plan) {
    return new Phases(plan, Interior.of(plan.h()), Interior.of(plan.w()));
  }

  /** Sorts the plane at {@code at}. */
  void load(float[] x, int at) {
    for (int row = 0; row < plan.ih(); row++) {
      int from = at + row * plan.iw();
      int to = row % h.stride() * w.stride() * phaseSize + row / h.stride() * pitch;
      for (int p = 0; p < Math.min(w.stride(), plan.iw()); p++) {
        int n = Math.ceilDiv(plan.iw() - p, w.stride());
        Cast.run(DType.F32, x, from + p, w.stride(), DType.F32, sorted, to + p * phaseSize, 1, n);
      }
    }
  }

  @Override
  public void close() {
    BufferPool.shared().give(sorted);
    BufferPool.shared().give(result);
    BufferPool.shared().give(place);
  }
}
