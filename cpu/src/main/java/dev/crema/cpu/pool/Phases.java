package dev.crema.cpu.pool;

import dev.crema.backend.Pool2dPlan;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * How an f32 plane lies when sorted by row and column modulo the strides: [sh][sw][⌈ih/sh⌉][pitch].
 * Window (i, j) of the interior finds its tap t at {@code tapAt[t] + i·pitch + j}, so one dense
 * range serves all windows; what lies between the ends of rows comes out as windows that nobody
 * wants.
 */
final class Phases implements AutoCloseable {
  /** What a vector may read or write past the last element. */
  static final int SLACK = 16;

  /** Fewer windows than this do not repay the sorting. */
  private static final int FEWEST = 8;

  final Pool2dPlan plan;
  final Interior h;
  final Interior w;
  final int pitch;

  /** From one phase to the next. */
  final int phaseSize;

  /** The taps' number, and of each where it lies for window (0, 0) here and in the plane. */
  final int taps;

  final int[] tapAt;
  final int[] tapPlace;

  /** The windows to compute, unwanted ones between rows among them. */
  final int windows;

  /** How far the taps of each window lie in the plane from those of window (0, 0). */
  final int[] moved;

  private Phases(Pool2dPlan plan, Interior h, Interior w) {
    this.plan = plan;
    this.h = h;
    this.w = w;
    this.pitch = Math.ceilDiv(plan.iw(), w.stride());
    this.phaseSize = Math.ceilDiv(plan.ih(), h.stride()) * pitch + SLACK;
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
    this.windows = (h.count() - 1) * pitch + w.count();
    this.moved = (int[]) BufferPool.shared().take(DType.I32, windows + SLACK);
    for (int i = 0; i < windows + SLACK; i++) {
      moved[i] = i / pitch * h.stride() * plan.iw() + i % pitch * w.stride();
    }
  }

  /** The phases of the plan's windows, or null without vectors or with too few regular windows. */
  static @Nullable Phases of(Pool2dPlan plan) {
    if (!Simd.VECTOR || plan.dtype() != DType.F32 || plan.xShape().numel() == 0) {
      return null;
    }
    Interior h = Interior.of(plan.h());
    Interior w = Interior.of(plan.w());
    return h.count() * w.count() < FEWEST ? null : new Phases(plan, h, w);
  }

  /** Whether there are no other windows. */
  boolean isAll() {
    return h.count() == plan.oh() && w.count() == plan.ow();
  }

  @Override
  public void close() {
    BufferPool.shared().give(moved);
  }
}
