package dev.crema.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.crema.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jcuda.Pointer;

/** The factors 1 and 0 in the host's memory, as cuBLAS and cuDNN read them. */
public final class Scalars {
  private static final HostAddress ONE_F32 = f32(1);
  private static final HostAddress ZERO_F32 = f32(0);
  private static final HostAddress ONE_F64 = f64(1);
  private static final HostAddress ZERO_F64 = f64(0);

  private Scalars() {}

  /** 1, as products of this dtype want it. */
  public static Pointer one(DType dtype) {
    return dtype == DType.F64 ? ONE_F64 : ONE_F32;
  }

  /** 0, as products of this dtype want it. */
  public static Pointer zero(DType dtype) {
    return dtype == DType.F64 ? ZERO_F64 : ZERO_F32;
  }

  private static HostAddress f32(float value) {
    MemorySegment memory = Arena.global().allocate(JAVA_FLOAT);
    memory.set(JAVA_FLOAT, 0, value);
    return new HostAddress(memory.address());
  }

  private static HostAddress f64(double value) {
    MemorySegment memory = Arena.global().allocate(JAVA_DOUBLE);
    memory.set(JAVA_DOUBLE, 0, value);
    return new HostAddress(memory.address());
  }
}
