package dev.crema.cpu.conv.winograd;

import dev.crema.cpu.conv.Epilogue;
import dev.crema.cpu.conv.Operand;
import dev.crema.cpu.simd.Simd;
import java.util.Arrays;

/** {@link Moves} of f32. */
final class FloatMoves implements Moves {
  static final FloatMoves INSTANCE = new FloatMoves();

  private FloatMoves() {}

  @Override
  public void split(
      Object x,
      int xo,
      int n,
      int before,
      int columns,
      int m,
      Object y,
      int to,
      int phase,
      int line) {
    if (Simd.VECTOR && FloatVectorMoves.deals(m)) {
      FloatVectorMoves.deal(m).split(x, xo, n, before, columns, y, to, phase, line);
      return;
    }
    float[] from = (float[]) x;
    float[] phases = (float[]) y;
    for (int c = 0; c < columns * m; c++) {
      int i = c - before;
      phases[to + c % m * phase + c / m] = i >= 0 && i < n ? from[xo + i] : 0f;
    }
  }

  @Override
  public void merge(Object x, int from, int phase, int m, Object y, int yo, int n, int line) {
    if (Simd.VECTOR && FloatVectorMoves.deals(m)) {
      FloatVectorMoves.deal(m).merge(x, from, phase, y, yo, n, line);
      return;
    }
    float[] phases = (float[]) x;
    float[] to = (float[]) y;
    for (int c = 0; c < n; c++) {
      to[yo + c] = phases[from + c % m * phase + c / m];
    }
  }

  @Override
  public void strided(Object x, int xo, int xs, int n, Object y, int yo, int ys) {
    float[] from = (float[]) x;
    float[] to = (float[]) y;
    for (int i = 0; i < n; i++) {
      to[yo + i * ys] = from[xo + i * xs];
    }
  }

  @Override
  public void pick(Object x, int from, int[] offsets, int length, Object y, int to, int pitch) {
    if (Simd.VECTOR) {
      FloatVectorMoves.pick((float[]) x, from, offsets, length, (float[]) y, to, pitch);
    } else {
      for (int i = 0; i < offsets.length; i++) {
        System.arraycopy(x, from + offsets[i], y, to + i * pitch, length);
      }
    }
  }

  @Override
  public void filters(
      FilterLayout layout,
      Object w,
      int wo,
      int first,
      int n,
      int depth,
      int mr,
      Object y,
      int to) {
    float[] from = (float[]) w;
    float[] stage = (float[]) y;
    int taps = layout.taps();
    int r = first % mr;
    int k = first / mr % depth;
    int output = first / mr / depth * mr;
    for (int i = 0; i < n; i++) {
      int at = wo + (output + r) * layout.output() + k * layout.input() + layout.first();
      boolean inside = output + r < layout.outputs();
      for (int tap = 0; tap < taps; tap++) {
        stage[to + tap * n + i] = inside ? from[at + tap * layout.step()] : 0f;
      }
      if (++r == mr) {
        r = 0;
        if (++k == depth) {
          k = 0;
          output += mr;
        }
      }
    }
  }

  @Override
  public void zero(Object y, int yo, int n) {
    Arrays.fill((float[]) y, yo, yo + n, 0f);
  }

  @Override
  public void finish(Epilogue epilogue, int channel, Object y, int yo, int n) {
    float[] to = (float[]) y;
    Operand bias = epilogue.bias();
    if (bias != null) {
      float b = bias.f32()[bias.at() + channel];
      for (int i = yo; i < yo + n; i++) {
        to[i] += b;
      }
    }
    if (epilogue.relu()) {
      for (int i = yo; i < yo + n; i++) {
        to[i] = Math.max(to[i], 0f);
      }
    }
  }
}
