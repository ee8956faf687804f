package dev.crema.cpu.conv.winograd;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.Scratch;
import dev.crema.cpu.conv.Operand;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * The transformed filters U[group][ξ], each an oc × ic matrix in the panels in which a product
 * reads it, one block of kc inputs after the other. Lanes are packed positions, so that results are
 * written where they belong as runs.
 */
final class Filters {
  /** Positions transformed at a time. */
  private static final int WIDTH = 64;

  /** Up to so many tiles, filters that do not change are kept. */
  private static final int KEPT_TILES = 512;

  /** What U is made by, beside the weight's elements. */
  private record Key(TileTransform transform, FilterLayout layout, int groups, int ic, int at) {}

  private final Geometry geometry;
  private final TileTransform transform;
  private final GemmKernel kernel;
  private final Moves moves;
  private final int outputs;

  /** How far apart the matrices of neighbouring ξ are, and of neighbouring groups. */
  private final int pitch;

  private final int groupPitch;

  private @Nullable Object kept;

  Filters(Geometry geometry, TileTransform transform) {
    this.geometry = geometry;
    this.transform = transform;
    this.kernel = GemmKernel.of(geometry.dtype());
    this.moves = Moves.of(geometry.dtype());
    this.outputs = Gemm.roundUp(geometry.oc(), kernel.mr());
    this.pitch = Pitch.of(Gemm.roundUp(outputs * geometry.ic(), WIDTH), geometry.dtype());
    this.groupPitch = geometry.alpha() * geometry.alpha() * pitch;
  }

  /**
   * U, for the caller to {@link #give} back. With few tiles it is worth keeping: making it would
   * take longer than a tenth of the products.
   */
  Object transformed(Operand w, int tiles) {
    long length = (long) geometry.groups() * groupPitch;
    if (tiles <= KEPT_TILES) {
      Key key = new Key(transform, geometry.filters(), geometry.groups(), geometry.ic(), w.at());
      kept = w.kept(key, () -> transform(w, newArray(Math.toIntExact(length))));
    }
    return kept != null ? kept : transform(w, Scratch.of(geometry.dtype(), length));
  }

  /** Takes back what {@link #transformed} gave. */
  void give(Object u) {
    if (u != kept) {
      Scratch.give(u);
    }
  }

  private Object newArray(int length) {
    return Array.newInstance(geometry.dtype().arrayType().componentType(), length);
  }

  private Object transform(Operand w, Object u) {
    int kc = kernel.kc();
    int runs = Math.ceilDiv(outputs * Math.min(kc, geometry.ic()), WIDTH);
    int kBlocks = Math.ceilDiv(geometry.ic(), kc);
    int taps = geometry.r() * geometry.r();
    int scratchLength = (taps + geometry.alpha() * geometry.r()) * WIDTH;
    Parallel.range(
        geometry.groups() * kBlocks * runs,
        Parallel.grain((long) WIDTH * geometry.alpha() * geometry.alpha()),
        (from, to) -> {
          Object scratch = Scratch.of(geometry.dtype(), scratchLength);
          for (int i = from; i < to; i++) {
            int group = i / runs / kBlocks;
            int q = i / runs % kBlocks * kc;
            run(w, group, q, i % runs * WIDTH, u, scratch);
          }
          Scratch.give(scratch);
        });
    return u;
  }

  private void run(Operand w, int group, int q, int first, Object u, Object scratch) {
    int depth = Math.min(kernel.kc(), geometry.ic() - q);
    if (first >= outputs * depth) {
      return;
    }
    FilterLayout layout = geometry.filters();
    int taps = layout.taps();
    int r = geometry.r();
    int at = w.at() + group * groupSize() + q * layout.input();
    moves.filters(layout, w.array(), at, first, WIDTH, depth, kernel.mr(), scratch, 0);
    transform.run(
        scratch,
        0,
        r * WIDTH,
        WIDTH,
        scratch,
        taps * WIDTH,
        u,
        at(group, 0, q, 0) + first,
        geometry.alpha() * pitch,
        pitch,
        WIDTH);
  }

  private int groupSize() {
    return geometry.oc() * geometry.ic() * geometry.filters().taps();
  }

  /** Where the panel of output {@code o} in the block of inputs from q on starts. */
  int at(int group, int xi, int q, int o) {
    int depth = Math.min(kernel.kc(), geometry.ic() - q);
    return group * groupPitch + xi * pitch + q * outputs + o * depth;
  }
}
