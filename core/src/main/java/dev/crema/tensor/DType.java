package dev.crema.tensor;

/**
 * The element types. {@code F32} and {@code F64} compute everywhere; the others carry indices,
 * labels, pixels and masks.
 *
 * <p>There is no implicit promotion: the tensors of one op have one dtype, and a Java number takes
 * the dtype of the tensor it meets, or is refused where that cannot hold it. {@link
 * Tensor#to(DType)} converts, with Java's narrowing rules.
 */
public enum DType {
  F32("f32", 4),
  F64("f64", 8),
  I32("i32", 4),
  I64("i64", 8),
  U8("u8", 1),
  BOOL("bool", 1);

  private final String label;
  private final int bytes;

  DType(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /**
   * The Java array that carries elements of this type in and out: {@code byte[]} for u8 and bool.
   */
  public Class<?> arrayType() {
    return switch (this) {
      case F32 -> float[].class;
      case F64 -> double[].class;
      case I32 -> int[].class;
      case I64 -> long[].class;
      case U8, BOOL -> byte[].class;
    };
  }

  /** Whether gradients exist for this type: {@code f32} and {@code f64}. */
  public boolean isFloating() {
    return this == F32 || this == F64;
  }

  /**
   * Whether a number is one of this type's, bool having 0 and 1. A floating type takes every
   * number, rounded.
   */
  boolean holds(double value) {
    return switch (this) {
      case F32, F64 -> true;
      case I32 -> value == (int) value;
      // The largest long rounds up to 2^63, which is none.
      case I64 -> value == (long) value && value < 0x1p63;
      case U8 -> value == ((int) value & 0xFF);
      case BOOL -> value == ((int) value & 1);
    };
  }

  /**
   * The type that a sum over this type has: itself when floating, else {@code i64}, so that counts
   * do not overflow.
   */
  public DType sumType() {
    return isFloating() ? this : I64;
  }

  /** The short name, as errors print it: {@code f32}. */
  @Override
  public String toString() {
    return label;
  }
}
