package dev.crema.cpu.conv.fft;

import static dev.crema.cpu.conv.fft.Spectrum.LANES;

import dev.crema.cpu.simd.Simd;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link FftKernel} of f32. */
final class FloatFft implements FftKernel {
  static final FloatFft INSTANCE = new FloatFft();

  private FloatFft() {}

  @Override
  public void clear(Spectrum s, Object z) {
    Arrays.fill((float[]) z, 0, s.length(), 0f);
  }

  /** Where a tile's first element lies. */
  private static int start(Spectrum s, int tile) {
    return tile < LANES ? tile : s.length() / 2 + tile - LANES;
  }

  @Override
  public void put(
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
      int column) {
    float[] from = (float[]) x;
    float[] to = (float[]) z;
    for (int i = 0; i < rows; i++) {
      int at = start(s, tile) + ((row + i) * s.size + column) * LANES;
      for (int j = 0; j < columns; j++) {
        to[at + j * LANES] = from[xo + i * pitch + j * step];
      }
    }
  }

  @Override
  public void get(
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
      boolean relu) {
    float[] from = (float[]) z;
    float[] to = (float[]) y;
    float start = bias == null ? 0f : ((float[]) bias)[biasAt];
    for (int i = 0; i < rows; i++) {
      int at = start(s, tile) + i * s.size * LANES;
      for (int j = 0; j < columns; j++) {
        float value = from[at + j * LANES] + start;
        to[yo + i * pitch + j] = relu ? Math.max(value, 0f) : value;
      }
    }
  }

  @Override
  public void forward(Spectrum s, Object z, int rows) {
    int line = s.size * LANES;
    for (int y = 0; y < rows; y++) {
      apart(s, (float[]) z, y * line, LANES, LANES);
    }
    apart(s, (float[]) z, 0, line, line);
  }

  @Override
  public void inverse(Spectrum s, Object z, int rows) {
    int line = s.size * LANES;
    together(s, (float[]) z, 0, line, line);
    for (int y = 0; y < rows; y++) {
      together(s, (float[]) z, y * line, LANES, LANES);
    }
  }

  /** One axis, from time to frequencies: points {@code stride} apart, runs of them side by side. */
  private static void apart(Spectrum s, float[] z, int at, int stride, int run) {
    float[] cos = (float[]) s.cos;
    float[] sin = (float[]) s.sin;
    for (int half = s.size / 2; half > 0; half /= 2) {
      int turn = s.size / 2 / half;
      for (int block = 0; block < s.size; block += 2 * half) {
        for (int j = 0; j < half; j++) {
          int a = at + (block + j) * stride;
          float c = cos[j * turn];
          float d = sin[j * turn];
          if (Simd.VECTOR) {
            FloatVectorFft.apart(z, a, a + half * stride, s.length() / 2, run, c, d);
          } else {
            apart(z, a, a + half * stride, s.length() / 2, run, c, d);
          }
        }
      }
    }
  }

  /** Back. */
  private static void together(Spectrum s, float[] z, int at, int stride, int run) {
    float[] cos = (float[]) s.cos;
    float[] sin = (float[]) s.sin;
    for (int half = 1; half < s.size; half *= 2) {
      int turn = s.size / 2 / half;
      for (int block = 0; block < s.size; block += 2 * half) {
        for (int j = 0; j < half; j++) {
          int a = at + (block + j) * stride;
          float c = cos[j * turn];
          float d = sin[j * turn];
          if (Simd.VECTOR) {
            FloatVectorFft.together(z, a, a + half * stride, s.length() / 2, run, c, d);
          } else {
            together(z, a, a + half * stride, s.length() / 2, run, c, d);
          }
        }
      }
    }
  }

  private static void apart(float[] z, int a, int b, int im, int run, float c, float d) {
    for (int i = 0; i < run; i++) {
      float re = z[a + i] - z[b + i];
      float ie = z[im + a + i] - z[im + b + i];
      z[a + i] += z[b + i];
      z[im + a + i] += z[im + b + i];
      z[b + i] = re * c - ie * d;
      z[im + b + i] = re * d + ie * c;
    }
  }

  private static void together(float[] z, int a, int b, int im, int run, float c, float d) {
    for (int i = 0; i < run; i++) {
      float re = z[b + i] * c + z[im + b + i] * d;
      float ie = z[im + b + i] * c - z[b + i] * d;
      z[b + i] = z[a + i] - re;
      z[im + b + i] = z[im + a + i] - ie;
      z[a + i] += re;
      z[im + a + i] += ie;
    }
  }

  @Override
  public void split(
      Spectrum s, Object z, Object y, int pitch, int re, int im, int conjugate, int back) {
    float[] from = (float[]) z;
    float[] to = (float[]) y;
    int half = s.length() / 2;
    for (int place = 0; place < s.places; place++) {
      int p = s.at[place] * LANES;
      int q = s.opposite[place] * LANES;
      int r = re + place * pitch;
      int i = im + place * pitch;
      int c = conjugate < 0 ? -1 : conjugate + place * pitch;
      if (Simd.VECTOR) {
        FloatVectorFft.split(from, p, q, half, to, r, i, c, back);
      } else {
        split(from, p, q, half, to, r, i, c, back);
      }
    }
  }

  private static void split(
      float[] z, int p, int q, int half, float[] y, int re, int im, int conjugate, int back) {
    for (int l = 0; l < LANES; l++) {
      float ar = z[p + l] + z[q + l];
      float ai = z[half + p + l] - z[half + q + l];
      float br = z[half + p + l] + z[half + q + l];
      float bi = z[q + l] - z[p + l];
      y[re + l] = ar;
      y[re + LANES + l] = br;
      y[im + l] = ai;
      y[im + LANES + l] = bi;
      if (conjugate >= 0) {
        y[conjugate + l] = -ai;
        y[conjugate + LANES + l] = -bi;
        y[conjugate + back + l] = ar;
        y[conjugate + back + LANES + l] = br;
      }
    }
  }

  @Override
  public void merge(Spectrum s, Object y, int pitch, int re, int im, Object z) {
    float[] from = (float[]) y;
    float[] to = (float[]) z;
    int half = s.length() / 2;
    float scale = 1;
    scale /= 4 * s.size * s.size;
    for (int place = 0; place < s.places; place++) {
      int p = s.at[place] * LANES;
      int q = s.alone[place] ? -1 : s.opposite[place] * LANES;
      int r = re + place * pitch;
      int i = im + place * pitch;
      if (Simd.VECTOR) {
        FloatVectorFft.merge(from, r, i, to, p, q, half, scale);
      } else {
        merge(from, r, i, to, p, q, half, scale);
      }
    }
  }

  private static void merge(
      float[] y, int re, int im, float[] z, int p, int q, int half, float scale) {
    for (int l = 0; l < LANES; l++) {
      float ar = y[re + l] * scale;
      float br = y[re + LANES + l] * scale;
      float ai = y[im + l] * scale;
      float bi = y[im + LANES + l] * scale;
      z[p + l] = ar - bi;
      z[half + p + l] = ai + br;
      if (q >= 0) {
        z[q + l] = ar + bi;
        z[half + q + l] = br - ai;
      }
    }
  }
}
