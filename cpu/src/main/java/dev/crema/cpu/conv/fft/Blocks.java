package dev.crema.cpu.conv.fft;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.Scratch;
import dev.crema.cpu.gemm.Gemm;

/** How the work is cut: by the problem alone. */
final class Blocks {
  /** Elements of the transformed tiles of a block, about: 32 MB of f32. */
  private static final int ELEMENTS = 8 << 20;

  /** Tiles of a block, at most: more would not make its products faster. */
  private static final int MAX_TILES = 512;

  private Blocks() {}

  /** The next multiple of {@link Spectrum#PAIRS}. */
  static int whole(int n) {
    return Gemm.roundUp(n, Spectrum.PAIRS);
  }

  /** Tiles of a block. */
  static int tiles(TileGrid g, Spectrum s) {
    int fitting = ELEMENTS / (2 * s.places * (g.ic() + g.oc())) / Spectrum.PAIRS * Spectrum.PAIRS;
    return Math.min(whole(g.tiles()), Math.clamp(fitting, Spectrum.PAIRS, MAX_TILES));
  }

  /** What is done with some tiles of a channel, in scratch. */
  interface Task {
    void run(int channel, int first, Object z);
  }

  /** For each channel, {@link Spectrum#PAIRS} of {@code count} at a time. */
  static void each(TileGrid g, Spectrum s, int channels, int count, Task task) {
    int runs = count / Spectrum.PAIRS;
    Parallel.range(
        channels * runs,
        Parallel.grain(8L * s.length()),
        (from, to) -> {
          Object z = Scratch.of(g.dtype(), s.length());
          for (int i = from; i < to; i++) {
            task.run(i / runs, i % runs * Spectrum.PAIRS, z);
          }
          Scratch.give(z);
        });
  }
}
