package dev.crema.cpu.conv.fft;

import dev.crema.cpu.conv.Epilogue;
import dev.crema.cpu.conv.Operand;

/** Between tensors and {@link Spectrum#PAIRS} tiles of a channel at a time. */
final class Tiles {
  private final TileGrid g;
  private final Spectrum s;
  private final FftKernel fft;

  Tiles(TileGrid g, Spectrum s) {
    this.g = g;
    this.s = s;
    this.fft = FftKernel.of(g.dtype());
  }

  /** What tiles {@code first ..} read of a channel of the operand, transformed. */
  void operand(Operand x, int channel, int first, Object z) {
    fft.clear(s, z);
    for (int i = 0; i < Math.min(Spectrum.PAIRS, g.tiles() - first); i++) {
      int line = g.line(first + i) - g.top();
      int column = g.column(first + i) - g.left();
      int top = Math.clamp(-line, 0, s.size);
      int left = Math.clamp(-column, 0, s.size);
      int rows = Math.min(s.size, g.ih() - line) - top;
      int columns = Math.min(s.size, g.iw() - column) - left;
      if (rows > 0 && columns > 0) {
        int plane = x.at() + (g.image(first + i) * g.groups() * g.ic() + channel) * g.ih() * g.iw();
        int from = plane + (line + top) * g.iw() + column + left;
        fft.put(s, x.array(), from, g.iw(), 1, rows, columns, z, i, top, left);
      }
    }
    fft.forward(s, z, s.size);
  }

  /** The filters of one channel of a group's result and channels {@code first ..}, transformed. */
  void filters(Operand w, int group, int o, int first, Object z) {
    fft.clear(s, z);
    int sign = g.turned() ? -1 : 1;
    for (int i = 0; i < Math.min(Spectrum.PAIRS, g.ic() - first); i++) {
      int at = filter(w, group, o, first + i) + (g.turned() ? g.kh() * g.kw() - 1 : 0);
      fft.put(s, w.array(), at, sign * g.kw(), sign, g.kh(), g.kw(), z, i, 0, 0);
    }
    fft.forward(s, z, g.kh());
  }

  /** Transforms back, to the gradients of such filters. */
  void filterGradients(Object z, Operand gw, int group, int o, int first) {
    fft.inverse(s, z, g.kh());
    for (int i = 0; i < Math.min(Spectrum.PAIRS, g.ic() - first); i++) {
      int at = filter(gw, group, o, first + i);
      fft.get(s, z, i, g.kh(), g.kw(), gw.array(), at, g.kw(), null, 0, false);
    }
  }

  private int filter(Operand w, int group, int o, int c) {
    int index = g.turned() ? (group * g.ic() + c) * g.oc() + o : (group * g.oc() + o) * g.ic() + c;
    return w.at() + index * g.kh() * g.kw();
  }

  /** The results of tiles {@code first ..} of a channel, transformed. */
  void gradient(Operand gy, int channel, int first, Object z) {
    fft.clear(s, z);
    for (int i = 0; i < Math.min(Spectrum.PAIRS, g.tiles() - first); i++) {
      int at = result(gy, channel, first + i);
      fft.put(s, gy.array(), at, g.ow(), 1, rows(first + i), columns(first + i), z, i, 0, 0);
    }
    fft.forward(s, z, g.mh());
  }

  /** Transforms back, to the results of tiles {@code first ..} of a channel. */
  void results(Object z, Operand y, int channel, int first, Epilogue epilogue) {
    fft.inverse(s, z, g.mh());
    Operand bias = epilogue.bias();
    for (int i = 0; i < Math.min(Spectrum.PAIRS, g.tiles() - first); i++) {
      fft.get(
          s,
          z,
          i,
          rows(first + i),
          columns(first + i),
          y.array(),
          result(y, channel, first + i),
          g.ow(),
          bias == null ? null : bias.array(),
          bias == null ? 0 : bias.at() + channel,
          epilogue.relu());
    }
  }

  private int rows(int tile) {
    return Math.min(g.mh(), g.oh() - g.line(tile));
  }

  private int columns(int tile) {
    return Math.min(g.mw(), g.ow() - g.column(tile));
  }

  private int result(Operand y, int channel, int tile) {
    int plane = g.image(tile) * g.groups() * g.oc() + channel;
    return y.at() + (plane * g.oh() + g.line(tile)) * g.ow() + g.column(tile);
  }
}
