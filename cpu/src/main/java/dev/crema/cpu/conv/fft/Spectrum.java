package dev.crema.cpu.conv.fft;

import dev.crema.tensor.DType;

/**
 * The real transform of T × T: which places of it are kept, and where they lie. Transforms work in
 * place without putting frequencies in order, so frequency f of an axis lies at f with its bits
 * reversed. A real tile's frequencies −f are the conjugates of f, so those with v from 0 to T/2 are
 * enough: {@code places} of them.
 */
final class Spectrum {
  /** Tiles side by side in the real parts; as many are in the imaginary parts. */
  static final int LANES = 16;

  /** Tiles that are transformed at a time. */
  static final int PAIRS = 2 * LANES;

  final int size;
  final int places;

  /** cos and −sin of 2πj/T, of the type of the tiles. */
  final Object cos;

  final Object sin;

  /** Of each place, where its frequency lies in a transformed tile, and the opposite one. */
  final int[] at;

  final int[] opposite;

  /** Whether the opposite of each place is a place itself. */
  final boolean[] alone;

  Spectrum(DType dtype, int size) {
    this.size = size;
    this.places = places(size);
    double[] c = new double[size];
    double[] d = new double[size];
    for (int j = 0; j < size; j++) {
      c[j] = Math.cos(2 * Math.PI * j / size);
      d[j] = -Math.sin(2 * Math.PI * j / size);
    }
    this.cos = dtype == DType.F32 ? floats(c) : c;
    this.sin = dtype == DType.F32 ? floats(d) : d;
    this.at = new int[places];
    this.opposite = new int[places];
    this.alone = new boolean[places];
    int place = 0;
    for (int v = 0; v <= size / 2; v++) {
      for (int u = 0; u < size; u++) {
        at[place] = reverse(u) * size + reverse(v);
        opposite[place] = reverse((size - u) % size) * size + reverse((size - v) % size);
        alone[place++] = v == 0 || v == size / 2;
      }
    }
  }

  private static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  static int places(int size) {
    return size * (size / 2 + 1);
  }

  private int reverse(int f) {
    return Integer.reverse(f) >>> (Integer.numberOfLeadingZeros(size) + 1);
  }

  /** Elements of the complex tiles that are transformed at a time: all real, then all imaginary. */
  int length() {
    return 2 * size * size * LANES;
  }
}
