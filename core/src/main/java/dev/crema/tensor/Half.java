package dev.crema.tensor;

/**
 * The elements of {@link DType#F16} and {@link DType#BF16}, which Java has no type for: their bits
 * in a {@code short}. What arrays in and out of such tensors hold.
 */
public final class Half {
  private Half() {}

  /** The bits of the number of type {@code half} that is nearest to x, ties to even. */
  public static short bits(DType half, float x) {
    return half == DType.F16 ? Float.floatToFloat16(x) : bfloat16(x);
  }

  /** The number with these bits, which f32 has exactly. */
  public static float value(DType half, short bits) {
    return half == DType.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
  }

  /** What is cut off rounds up from above one half, and from one half where the rest is odd. */
  private static short bfloat16(float x) {
    int bits = Float.floatToRawIntBits(x);
    if (Float.isNaN(x)) {
      return (short) (bits >>> 16 | 0x40); // stays a NaN, whatever is cut off
    }
    return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
  }
}
