package dev.crema.cpu.conv.fft;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.Scratch;
import dev.crema.cpu.conv.Operand;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;
import java.util.Arrays;

/**
 * gw = the sum over tiles of x ⋆ gy: at each frequency conj(E)·Xᵀ, for the transforms E of gy's
 * tiles, [2·oc][2·tiles] as in {@link Correlation}, and X of x's, [ic][2·tiles]. Blocks of tiles
 * add up in order.
 */
final class WeightGradient {
  private final TileGrid g;
  private final Spectrum s;
  private final Tiles tiles;
  private final FftKernel fft;
  private final GemmKernel kernel;

  /** Tiles of a block: whole {@link Spectrum#PAIRS}. */
  private final int block;

  /** Channels of the operand, filled up likewise. */
  private final int ic;

  private final int ePitch;
  private final int xPitch;
  private final int mPitch;

  WeightGradient(TileGrid grid) {
    this.g = grid;
    this.s = new Spectrum(g.dtype(), g.size());
    this.tiles = new Tiles(g, s);
    this.fft = FftKernel.of(g.dtype());
    this.kernel = GemmKernel.of(g.dtype());
    this.block = Blocks.tiles(g, s);
    this.ic = Blocks.whole(g.ic());
    this.ePitch = 4 * g.oc() * block;
    this.xPitch = 2 * g.ic() * block;
    this.mPitch = 2 * g.oc() * ic;
  }

  void run(Operand x, Operand gy, Operand gw) {
    Object e = Scratch.of(g.dtype(), (long) s.places * ePitch);
    Object b = Scratch.of(g.dtype(), (long) s.places * xPitch);
    Object m = Scratch.of(g.dtype(), (long) s.places * mPitch);
    for (int group = 0; group < g.groups(); group++) {
      clear(m);
      for (int first = 0; first < g.tiles(); first += block) {
        operand(x, group, first, b);
        gradients(gy, group, first, e);
        multiply(e, b, m);
      }
      results(m, group, gw);
    }
    Scratch.give(m);
    Scratch.give(b);
    Scratch.give(e);
  }

  private void clear(Object m) {
    if (m instanceof float[] f) {
      Arrays.fill(f, 0, s.places * mPitch, 0f);
    } else {
      Arrays.fill((double[]) m, 0, s.places * mPitch, 0);
    }
  }

  private void operand(Operand x, int group, int first, Object b) {
    Blocks.each(
        g,
        s,
        g.ic(),
        block,
        (c, tile, z) -> {
          tiles.operand(x, group * g.ic() + c, first + tile, z);
          int re = 2 * c * block + tile;
          fft.split(s, z, b, xPitch, re, re + block, -1, 0);
        });
  }

  private void gradients(Operand gy, int group, int first, Object e) {
    Blocks.each(
        g,
        s,
        g.oc(),
        block,
        (o, tile, z) -> {
          tiles.gradient(gy, group * g.oc() + o, first + tile, z);
          int re = 2 * o * block + tile;
          int conjugate = 2 * (g.oc() + o) * block + tile;
          fft.split(s, z, e, ePitch, re, re + block, conjugate, block);
        });
  }

  private void multiply(Object e, Object b, Object m) {
    int k = 2 * block;
    int rows = 2 * g.oc();
    Parallel.range(
        s.places,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            Gemm.run(
                kernel,
                rows,
                g.ic(),
                k,
                e,
                i * ePitch,
                k,
                1,
                b,
                i * xPitch,
                1,
                k,
                m,
                i * mPitch,
                ic,
                true);
          }
        });
  }

  private void results(Object m, int group, Operand gw) {
    Blocks.each(
        g,
        s,
        g.oc(),
        ic,
        (o, c, z) -> {
          fft.merge(s, m, mPitch, o * ic + c, (g.oc() + o) * ic + c, z);
          tiles.filterGradients(z, gw, group, o, c);
        });
  }
}
