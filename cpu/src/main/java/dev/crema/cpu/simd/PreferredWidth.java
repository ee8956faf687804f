package dev.crema.cpu.simd;

import jdk.incubator.vector.VectorShape;

/** Asks the Vector API; apart from {@link Lanes}, which needs the answer. */
final class PreferredWidth {
  private PreferredWidth() {}

  static int bits() {
    return VectorShape.preferredShape().vectorBitSize();
  }
}
