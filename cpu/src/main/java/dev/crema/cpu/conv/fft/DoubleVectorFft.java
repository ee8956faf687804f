package dev.crema.cpu.conv.fft;

import static dev.crema.cpu.conv.fft.Spectrum.LANES;
import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;

/** The inner loops of {@link DoubleFft} in vectors, whose lanes are tiles: nothing is shuffled. */
final class DoubleVectorFft {
  private DoubleVectorFft() {}

  /** (a, b) = (a + b, (a − b)·(c + id)); imaginary parts lie {@code im} behind the real ones. */
  static void apart(double[] z, int a, int b, int im, int run, double c, double d) {
    for (int i = 0; i < run; i += D_LENGTH) {
      var ar = DoubleVector.fromArray(D, z, a + i);
      var ai = DoubleVector.fromArray(D, z, im + a + i);
      var br = DoubleVector.fromArray(D, z, b + i);
      var bi = DoubleVector.fromArray(D, z, im + b + i);
      var re = ar.sub(br);
      var ie = ai.sub(bi);
      ar.add(br).intoArray(z, a + i);
      ai.add(bi).intoArray(z, im + a + i);
      re.mul(c).sub(ie.mul(d)).intoArray(z, b + i);
      re.mul(d).add(ie.mul(c)).intoArray(z, im + b + i);
    }
  }

  /** (a, b) = (a + b·(c − id), a − b·(c − id)). */
  static void together(double[] z, int a, int b, int im, int run, double c, double d) {
    for (int i = 0; i < run; i += D_LENGTH) {
      var ar = DoubleVector.fromArray(D, z, a + i);
      var ai = DoubleVector.fromArray(D, z, im + a + i);
      var br = DoubleVector.fromArray(D, z, b + i);
      var bi = DoubleVector.fromArray(D, z, im + b + i);
      var re = br.mul(c).add(bi.mul(d));
      var ie = bi.mul(c).sub(br.mul(d));
      ar.sub(re).intoArray(z, b + i);
      ai.sub(ie).intoArray(z, im + b + i);
      ar.add(re).intoArray(z, a + i);
      ai.add(ie).intoArray(z, im + a + i);
    }
  }

  /** See {@link FftKernel#split}: one place. */
  static void split(
      double[] z, int p, int q, int half, double[] y, int re, int im, int conjugate, int back) {
    for (int l = 0; l < LANES; l += D_LENGTH) {
      var zr = DoubleVector.fromArray(D, z, p + l);
      var zi = DoubleVector.fromArray(D, z, half + p + l);
      var nr = DoubleVector.fromArray(D, z, q + l);
      var ni = DoubleVector.fromArray(D, z, half + q + l);
      var ar = zr.add(nr);
      var ai = zi.sub(ni);
      var br = zi.add(ni);
      var bi = nr.sub(zr);
      ar.intoArray(y, re + l);
      br.intoArray(y, re + LANES + l);
      ai.intoArray(y, im + l);
      bi.intoArray(y, im + LANES + l);
      if (conjugate >= 0) {
        ai.neg().intoArray(y, conjugate + l);
        bi.neg().intoArray(y, conjugate + LANES + l);
        ar.intoArray(y, conjugate + back + l);
        br.intoArray(y, conjugate + back + LANES + l);
      }
    }
  }

  /** See {@link FftKernel#merge}: one place, and its opposite where {@code q} is not negative. */
  static void merge(double[] y, int re, int im, double[] z, int p, int q, int half, double scale) {
    for (int l = 0; l < LANES; l += D_LENGTH) {
      var ar = DoubleVector.fromArray(D, y, re + l).mul(scale);
      var br = DoubleVector.fromArray(D, y, re + LANES + l).mul(scale);
      var ai = DoubleVector.fromArray(D, y, im + l).mul(scale);
      var bi = DoubleVector.fromArray(D, y, im + LANES + l).mul(scale);
      ar.sub(bi).intoArray(z, p + l);
      ai.add(br).intoArray(z, half + p + l);
      if (q >= 0) {
        ar.add(bi).intoArray(z, q + l);
        br.sub(ai).intoArray(z, half + q + l);
      }
    }
  }
}
