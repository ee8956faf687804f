package dev.crema.cpu.conv.fft;

import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Transforms of {@link Spectrum#PAIRS} real tiles at a time, for one type: half of them are the
 * real parts of complex tiles z, the others the imaginary parts, and element (y, x) of all of them
 * lies side by side. Arrays are {@code float[]} or {@code double[]}.
 */
sealed interface FftKernel permits FloatFft, DoubleFft {

  /** The transforms of f32 or f64. */
  static FftKernel of(DType dtype) {
    return dtype == DType.F32 ? FloatFft.INSTANCE : DoubleFft.INSTANCE;
  }

  /** z = 0. */
  void clear(Spectrum s, Object z);

  /**
   * Makes a part of an image, [rows][columns] with lines {@code pitch} apart and their elements
   * {@code step}, a part of a tile.
   */
  void put(
      Spectrum s,
      Object x,
      int xo,
      int pitch,
      int step,
      int rows,
      int columns,
      Object z,
      int tile,
      int row,
      int column);

  /** The opposite, with a bias on top, and negative results 0 if asked for. */
  void get(
      Spectrum s,
      Object z,
      int tile,
      int rows,
      int columns,
      Object y,
      int yo,
      int pitch,
      @Nullable Object bias,
      int biasAt,
      boolean relu);

  /** Transforms tiles of which only so many rows are not zero. */
  void forward(Spectrum s, Object z, int rows);

  /** Transforms back, T² too large, so many rows. */
  void inverse(Spectrum s, Object z, int rows);

  /**
   * Takes tiles apart, twice too large. At each place, {@code pitch} apart, the real parts go to
   * {@code re} and the imaginary ones to {@code im}, and if {@code conjugate} is not negative,
   * these with the sign changed and the real parts behind them, {@code back} further, to there.
   */
  void split(Spectrum s, Object z, Object y, int pitch, int re, int im, int conjugate, int back);

  /**
   * The opposite without the conjugates, divided by 4·T²: for products of two that were taken
   * apart.
   */
  void merge(Spectrum s, Object y, int pitch, int re, int im, Object z);
}
