package dev.crema.cpu.conv.fft;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.Scratch;
import dev.crema.cpu.conv.Epilogue;
import dev.crema.cpu.conv.Operand;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.gemm.GemmKernel;

/**
 * y = x ⋆ w: at each frequency, Y = conj(W)·X, a complex product over channels. As a real one,
 *
 * <pre>
 *   Re Y    Re W   Im W   Re X
 *        =              ·
 *   Im Y   −Im W   Re W   Im X
 * </pre>
 *
 * whose left operand, [2·oc][2·ic], is made once, and the right one, [2·ic][tiles], for a block of
 * tiles at a time.
 */
final class Correlation {
  private final TileGrid g;
  private final Spectrum s;
  private final Tiles tiles;
  private final FftKernel fft;
  private final GemmKernel kernel;

  /** Tiles of a block: whole {@link Spectrum#PAIRS}. */
  private final int block;

  /** Channels of the operand, filled up likewise. */
  private final int ic;

  private final int aPitch;
  private final int xPitch;
  private final int mPitch;

  Correlation(TileGrid grid) {
    this.g = grid;
    this.s = new Spectrum(g.dtype(), g.size());
    this.tiles = new Tiles(g, s);
    this.fft = FftKernel.of(g.dtype());
    this.kernel = GemmKernel.of(g.dtype());
    this.block = Blocks.tiles(g, s);
    this.ic = Blocks.whole(g.ic());
    this.aPitch = 4 * g.oc() * ic;
    this.xPitch = 2 * g.ic() * block;
    this.mPitch = 2 * g.oc() * block;
  }

  void run(Operand x, Operand w, Epilogue epilogue, Operand y) {
    Object a = Scratch.of(g.dtype(), (long) s.places * aPitch);
    Object b = Scratch.of(g.dtype(), (long) s.places * xPitch);
    Object m = Scratch.of(g.dtype(), (long) s.places * mPitch);
    for (int group = 0; group < g.groups(); group++) {
      filters(w, group, a);
      for (int first = 0; first < g.tiles(); first += block) {
        operand(x, group, first, b);
        multiply(a, b, m);
        results(m, group, first, epilogue, y);
      }
    }
    Scratch.give(m);
    Scratch.give(b);
    Scratch.give(a);
  }

  private void filters(Operand w, int group, Object a) {
    Blocks.each(
        g,
        s,
        g.oc(),
        ic,
        (o, c, z) -> {
          tiles.filters(w, group, o, c, z);
          int re = 2 * o * ic + c;
          fft.split(s, z, a, aPitch, re, re + ic, 2 * (g.oc() + o) * ic + c, ic);
        });
  }

  private void operand(Operand x, int group, int first, Object b) {
    Blocks.each(
        g,
        s,
        g.ic(),
        block,
        (c, tile, z) -> {
          tiles.operand(x, group * g.ic() + c, first + tile, z);
          fft.split(s, z, b, xPitch, c * block + tile, (g.ic() + c) * block + tile, -1, 0);
        });
  }

  /** The real parts' share, then the imaginary ones'. */
  private void multiply(Object a, Object b, Object m) {
    int rows = 2 * g.oc();
    Parallel.range(
        s.places,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            for (int part = 0; part < 2; part++) {
              int ao = i * aPitch + part * ic;
              int bo = i * xPitch + part * g.ic() * block;
              int lda = 2 * ic;
              Gemm.run(
                  kernel,
                  rows,
                  block,
                  g.ic(),
                  a,
                  ao,
                  lda,
                  1,
                  b,
                  bo,
                  block,
                  1,
                  m,
                  i * mPitch,
                  block,
                  part > 0);
            }
          }
        });
  }

  private void results(Object m, int group, int first, Epilogue epilogue, Operand y) {
    Blocks.each(
        g,
        s,
        g.oc(),
        block,
        (o, tile, z) -> {
          fft.merge(s, m, mPitch, o * block + tile, (g.oc() + o) * block + tile, z);
          tiles.results(z, y, group * g.oc() + o, first + tile, epilogue);
        });
  }
}
