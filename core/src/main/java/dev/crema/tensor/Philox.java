package dev.crema.tensor;

/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): a function
 * from (seed, counter) to four 32-bit words, so any element of a stream can be computed by itself,
 * on any thread and any device.
 *
 * <p>Word j of a stream is lane j mod 4 of block ⌊j / 4⌋. How a draw of n numbers that starts at
 * block o uses them:
 *
 * <ul>
 *   <li>u(i), f32: word 4o + i, its upper 24 bits times 2^−24.
 *   <li>u(i), f64: words 4o + 2i and 4o + 2i + 1, 27 upper bits of the first and 26 of the second,
 *       times 2^−53.
 *   <li>uniform: a + u(i)·(b − a). Bernoulli: {@code b if u(i) < a, else 0}. Both in the element's
 *       own precision.
 *   <li>normal: for a pair (i, i + 1) with i even, r = √(−2 ln(1 − u(i))), z(i) = r cos 2πu(i+1),
 *       z(i+1) = r sin 2πu(i+1); a + b·z, computed in f64 with {@link StrictMath}.
 * </ul>
 */
public final class Philox {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;

  private Philox() {}

  /** Writes the four words of one block to {@code out[0..3]}. */
  public static void block(long seed, long counter, int[] out) {
    int c0 = (int) counter;
    int c1 = (int) (counter >>> 32);
    int c2 = 0;
    int c3 = 0;
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < 10; round++) {
      long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  /** A word as an f32 in [0, 1). */
  public static float uniform(int word) {
    return (word >>> 8) * 0x1p-24f;
  }

  /** Two words as an f64 in [0, 1). */
  public static double uniform(int high, int low) {
    return ((high >>> 5) * 0x1p26 + (low >>> 6)) * 0x1p-53;
  }

  /**
   * How many blocks a draw of {@code n} numbers of this type uses; pairs of a normal draw are
   * whole.
   */
  public static long blocks(DType dtype, long n) {
    return Math.ceilDiv(n, dtype == DType.F64 ? 2L : 4L);
  }
}
