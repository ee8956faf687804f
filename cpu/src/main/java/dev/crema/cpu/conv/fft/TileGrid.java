package dev.crema.cpu.conv.fft;

import dev.crema.backend.Conv2dPlan;
import dev.crema.tensor.DType;

/**
 * A correlation at stride 1 in tiles of T × T of which mh × mw are results: forward, or the
 * gradient for the image, which is that of gy with the filters turned round.
 *
 * @param ic channels of the operand in a group, {@code oc} of the result
 * @param ih the operand's height; {@code oh} the result's
 * @param top lines of zeros above the operand, or if negative how many of its lines are not read
 * @param turned whether the filters are [ic][oc] and turned round
 */
record TileGrid(
    DType dtype,
    int n,
    int groups,
    int ic,
    int ih,
    int iw,
    int oc,
    int oh,
    int ow,
    int top,
    int left,
    int kh,
    int kw,
    boolean turned,
    int size) {

  static TileGrid forward(Conv2dPlan p, int size) {
    return new TileGrid(
        p.dtype(),
        p.n(),
        p.groups(),
        p.icPerGroup(),
        p.ih(),
        p.iw(),
        p.ocPerGroup(),
        p.oh(),
        p.ow(),
        p.pt(),
        p.pl(),
        p.kh(),
        p.kw(),
        false,
        size);
  }

  static TileGrid backwardInput(Conv2dPlan p, int size) {
    return new TileGrid(
        p.dtype(),
        p.n(),
        p.groups(),
        p.ocPerGroup(),
        p.oh(),
        p.ow(),
        p.icPerGroup(),
        p.ih(),
        p.iw(),
        p.kh() - 1 - p.pt(),
        p.kw() - 1 - p.pl(),
        p.kh(),
        p.kw(),
        true,
        size);
  }

  /** Result lines of a tile. */
  int mh() {
    return size - kh + 1;
  }

  int mw() {
    return size - kw + 1;
  }

  int across() {
    return Math.ceilDiv(ow, mw());
  }

  int perImage() {
    return Math.ceilDiv(oh, mh()) * across();
  }

  /** All tiles, in order of image, row, column. */
  int tiles() {
    return n * perImage();
  }

  int image(int tile) {
    return tile / perImage();
  }

  /** The first result line of a tile. */
  int line(int tile) {
    return tile % perImage() / across() * mh();
  }

  int column(int tile) {
    return tile % across() * mw();
  }
}
