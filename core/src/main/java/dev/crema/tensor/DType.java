package dev.crema.tensor;

/**
 * The element types. {@code F32} and {@code F64} compute everywhere; {@code F16} and {@code BF16}
 * are carried everywhere and compute on GPUs; the others carry indices, labels, pixels and masks.
 *
 * <p>There is no implicit promotion: the tensors of one op have one dtype, and a Java number takes
 * the dtype of the tensor it meets, or is refused where that cannot hold it. {@link
 * Tensor#to(DType)} converts, with Java's narrowing rules, and to f16 and bf16 by way of f32, to
 * the nearest number, ties to even.
 */
public enum DType {
  F32("f32", 4),
  F64("f64", 8),
  /** IEEE 754 binary16: 11 significant bits, up to 65504. */
  F16("f16", 2),
  /** The upper half of an f32: 8 significant bits, and f32's range. */
  BF16("bf16", 2),
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
   * The Java array that carries elements of this type in and out: {@code byte[]} for u8 and bool,
   * {@code short[]} for the bits of f16 and bf16 (see {@link Half}).
   */
  public Class<?> arrayType() {
    return switch (this) {
      case F32 -> float[].class;
      case F64 -> double[].class;
      case F16, BF16 -> short[].class;
      case I32 -> int[].class;
      case I64 -> long[].class;
      case U8, BOOL -> byte[].class;
    };
  }

  /** Whether gradients exist for this type: {@code f32}, {@code f64}, {@code f16}, {@code bf16}. */
  public boolean isFloating() {
    return this == F32 || this == F64 || isHalf();
  }

  /** Whether this is {@code f16} or {@code bf16}. */
  public boolean isHalf() {
    return this == F16 || this == BF16;
  }

  /** What is computed in, and statistics are kept in: f32 for f16 and bf16, else itself. */
  public DType wide() {
    return isHalf() ? F32 : this;
  }

  /**
   * Whether a number is one of this type's, bool having 0 and 1. A floating type takes every
   * number, rounded.
   */
  boolean holds(double value) {
    return switch (this) {
      case F32, F64, F16, BF16 -> true;
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
