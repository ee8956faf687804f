package dev.crema.cpu.norm;

import dev.crema.backend.ChannelPlan;
import dev.crema.backend.View;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Cast;
import dev.crema.cpu.reduce.Rows;
import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * A channel of [n, c, inner] as dense runs: its n pieces of length inner, or, when these are single
 * elements, tiles that they are gathered to. For one thread.
 */
final class Channel implements AutoCloseable {
  private static final int TILE = 1024;

  private final ChannelPlan plan;
  private final DType type;
  private final Object x;
  private final int offset;
  private final @Nullable Object tile;

  Channel(ChannelPlan plan, View x) {
    this.plan = plan;
    this.type = plan.dtype();
    this.x = CpuBuffer.array(x);
    this.offset = CpuBuffer.at(x);
    this.tile = plan.inner() == 1 ? BufferPool.shared().take(type, TILE) : null;
  }

  /** The number of runs. */
  int runs() {
    return tile == null ? plan.n() : Math.ceilDiv(plan.n(), TILE);
  }

  /** The number of elements of run r. */
  int length(int r) {
    return tile == null ? plan.inner() : Math.min(TILE, plan.n() - r * TILE);
  }

  /** What the runs are parts of. */
  Object array() {
    return tile == null ? x : tile;
  }

  /** Where run r of channel c starts in {@link #array}. */
  int at(int c, int r) {
    return tile == null ? offset + (r * plan.c() + c) * plan.inner() : 0;
  }

  /** As {@link #at}, with the elements brought there. */
  int load(int c, int r) {
    if (tile != null) {
      Cast.run(type, x, source(c, r), plan.c(), type, tile, 0, 1, length(r));
    }
    return at(c, r);
  }

  /** Brings a run that was written at {@link #at} back to the channel. */
  void store(int c, int r) {
    if (tile != null) {
      Cast.run(type, tile, 0, 1, type, x, source(c, r), plan.c(), length(r));
    }
  }

  private int source(int c, int r) {
    return offset + r * TILE * plan.c() + c;
  }

  /** The sum of channel c. */
  double sum(int c) {
    double sum = 0;
    for (int r = 0; r < runs(); r++) {
      int at = load(c, r);
      sum +=
          array() instanceof float[] f
              ? Rows.sum(f, at, length(r))
              : Rows.sum((double[]) array(), at, length(r));
    }
    return sum;
  }

  /** Σ (this − mean)·(other − otherMean) over channel c. */
  double centredDot(int c, double mean, Channel other, double otherMean) {
    double sum = 0;
    for (int r = 0; r < runs(); r++) {
      int at = load(c, r);
      int with = other == this ? at : other.load(c, r);
      sum += Runs.dot(array(), at, mean, other.array(), with, otherMean, length(r));
    }
    return sum;
  }

  @Override
  public void close() {
    if (tile != null) {
      BufferPool.shared().give(tile);
    }
  }
}
