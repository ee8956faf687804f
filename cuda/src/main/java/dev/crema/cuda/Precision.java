package dev.crema.cuda;

import dev.crema.cuda.driver.Option;
import java.util.Locale;

/**
 * How exactly f32 products and convolutions multiply on a GPU. The start is {@code
 * -Dcrema.cuda.precision=tf32}, or else F32.
 */
public enum Precision {
  /** As f32 says: 24 bits of mantissa. */
  F32,
  /**
   * Factors are rounded to 11 bits of mantissa and go through tensor cores, which is several times
   * faster; sums stay f32. f64 is not touched.
   */
  TF32;

  private static volatile Precision current =
      valueOf(Option.PRECISION.value().toUpperCase(Locale.ROOT));

  /** What products and convolutions use now, on every device. */
  public static Precision current() {
    return current;
  }

  /** Chooses for all later products and convolutions, of all threads. */
  public static void use(Precision precision) {
    current = precision;
  }
}
