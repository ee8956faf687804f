package dev.crema.cpu.conv.winograd;

import dev.crema.tensor.DType;

/** How far apart the α² matrices lie, between which every transform jumps. */
final class Pitch {
  /**
   * Addresses that differ by a multiple of this many bytes compete for the same lines of a cache.
   */
  private static final int ALIAS = 4096;

  /** The offset from one matrix to the next in such lines: two of them. */
  private static final int SHIFT = 128;

  private Pitch() {}

  /** At least {@code length} elements, such that the matrices do not compete. */
  static int of(int length, DType dtype) {
    int alias = ALIAS / dtype.bytes();
    return Math.ceilDiv(length, alias) * alias + SHIFT / dtype.bytes();
  }
}
