package dev.crema.bench.peers.task;

import java.util.SplittableRandom;

/** Numbers that are the same in every run. */
final class Data {
  private Data() {}

  /** From −1 to 1. */
  static float[] uniform(int length, long seed) {
    var random = new SplittableRandom(seed);
    float[] a = new float[length];
    for (int i = 0; i < length; i++) {
      a[i] = random.nextInt() * 0x1p-31f;
    }
    return a;
  }
}
