package dev.crema.nn.data;

import java.util.Arrays;

/**
 * Bilinear resizing of interleaved RGB bytes with antialiasing: a triangle filter, widened by the
 * scale when shrinking, applied along x and then along y. Each output pixel is a weighted mean of
 * the input pixels under the filter; the weights of the part inside the image sum to 1 (Pillow's
 * and torchvision's rule).
 */
final class Resample {
  private Resample() {}

  /**
   * The taps of the middle of one axis: output i is the sum over k of weight[i][k] · input[first[i]
   * + k].
   */
  private record Taps(int[] first, float[][] weight) {
    /** For the {@code size} middle ones of {@code out} outputs. */
    static Taps middle(int in, long out, int size) {
      // Half-way cases go to the even number, as in Python.
      long from = (long) Math.rint((out - size) / 2.0);
      double scale = (double) in / out;
      double support = Math.max(1, scale);
      int[] first = new int[size];
      float[][] weight = new float[size][];
      for (int i = 0; i < size; i++) {
        double centre = (from + i + 0.5) * scale;
        first[i] = Math.max(0, (int) (centre - support + 0.5));
        int last = Math.min(in, (int) (centre + support + 0.5));
        double[] w = new double[last - first[i]];
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
          w[k] = Math.max(0, 1 - Math.abs((first[i] + k + 0.5 - centre) / support));
          sum += w[k];
        }
        weight[i] = new float[w.length];
        for (int k = 0; k < w.length; k++) {
          weight[i][k] = (float) (w[k] / sum);
        }
      }
      return new Taps(first, weight);
    }

    /** One past the last input that is used. */
    int end() {
      return first[first.length - 1] + weight[weight.length - 1].length;
    }
  }

  /** The square of {@code size} in the middle of an image that is scaled to [oh, ow]. */
  static byte[] middle(byte[] rgb, int iw, int ih, long ow, long oh, int size) {
    Taps horizontal = Taps.middle(iw, ow, size);
    Taps vertical = Taps.middle(ih, oh, size);
    int top = vertical.first[0];
    int rows = vertical.end() - top;
    float[] narrow = new float[3 * size * rows];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < size; x++) {
        float[] w = horizontal.weight[x];
        int from = 3 * ((top + y) * iw + horizontal.first[x]);
        float r = 0;
        float g = 0;
        float b = 0;
        for (int k = 0; k < w.length; k++) {
          r += w[k] * (rgb[from + 3 * k] & 0xFF);
          g += w[k] * (rgb[from + 3 * k + 1] & 0xFF);
          b += w[k] * (rgb[from + 3 * k + 2] & 0xFF);
        }
        int to = 3 * (y * size + x);
        narrow[to] = r;
        narrow[to + 1] = g;
        narrow[to + 2] = b;
      }
    }
    byte[] out = new byte[3 * size * size];
    float[] row = new float[3 * size];
    for (int y = 0; y < size; y++) {
      Arrays.fill(row, 0.5f);
      float[] w = vertical.weight[y];
      for (int k = 0; k < w.length; k++) {
        int from = 3 * size * (vertical.first[y] - top + k);
        for (int x = 0; x < row.length; x++) {
          row[x] += w[k] * narrow[from + x];
        }
      }
      for (int x = 0; x < row.length; x++) {
        out[y * row.length + x] = (byte) Math.min(255, (int) row[x]);
      }
    }
    return out;
  }
}
