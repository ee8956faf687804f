package dev.crema.cpu.pointwise;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.UnaryOp;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The loop of every operator and computing type, made at first use. */
public final class Loops {
  private static final int TYPES = 3;
  private static final AtomicReferenceArray<@Nullable Loop> UNARY =
      new AtomicReferenceArray<>(UnaryOp.values().length * TYPES);
  private static final AtomicReferenceArray<@Nullable Loop> BINARY =
      new AtomicReferenceArray<>(BinaryOp.values().length * TYPES);

  private Loops() {}

  /** y = op(a), with parameters p and q; operand b is ignored. */
  public static Loop of(UnaryOp op, DType compute) {
    int slot = op.ordinal() * TYPES + index(compute);
    Loop loop = UNARY.get(slot);
    if (loop == null) {
      loop =
          switch (compute) {
            case F32 -> f32(ScalarOperators.f32(op), Simd.VECTOR ? VectorOperators.f32(op) : null);
            case F64 -> f64(ScalarOperators.f64(op), Simd.VECTOR ? VectorOperators.f64(op) : null);
            default -> Specialized.copy(ScalarI64Loop.class, ScalarOperators.i64(op));
          };
      UNARY.set(slot, loop);
    }
    return loop;
  }

  /** y = op(a, b). */
  public static Loop of(BinaryOp op, DType compute) {
    int slot = op.ordinal() * TYPES + index(compute);
    Loop loop = BINARY.get(slot);
    if (loop == null) {
      loop =
          switch (compute) {
            case F32 -> f32(ScalarOperators.f32(op), Simd.VECTOR ? VectorOperators.f32(op) : null);
            case F64 -> f64(ScalarOperators.f64(op), Simd.VECTOR ? VectorOperators.f64(op) : null);
            default -> Specialized.copy(ScalarI64Loop.class, ScalarOperators.i64(op));
          };
      BINARY.set(slot, loop);
    }
    return loop;
  }

  private static Loop f32(Loop.F32 scalar, @Nullable Object vector) {
    return vector == null
        ? Specialized.copy(ScalarF32Loop.class, scalar)
        : Specialized.copy(VectorF32Loop.class, vector, scalar);
  }

  private static Loop f64(Loop.F64 scalar, @Nullable Object vector) {
    return vector == null
        ? Specialized.copy(ScalarF64Loop.class, scalar)
        : Specialized.copy(VectorF64Loop.class, vector, scalar);
  }

  private static int index(DType compute) {
    return switch (compute) {
      case F32 -> 0;
      case F64 -> 1;
      default -> 2;
    };
  }
}
