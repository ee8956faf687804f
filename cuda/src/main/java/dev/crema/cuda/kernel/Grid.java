package dev.crema.cuda.kernel;

import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/** How many blocks of {@link #THREADS} threads a launch needs, and what its kernel is called. */
final class Grid {
  static final int THREADS = 256;

  private static final int ALIGNED = 16;

  private Grid() {}

  /** Blocks for one thread per element. */
  static long blocks(long n) {
    return Math.ceilDiv(n, THREADS);
  }

  /** Blocks for four elements per thread. */
  static long blocksOfFour(long n) {
    return Math.ceilDiv(n, 4 * THREADS);
  }

  /** Whether wide loads and stores reach all of these views' elements from their first on. */
  static boolean isAligned(@Nullable View... views) {
    for (View view : views) {
      if (view != null && CudaBuffer.address(view) % ALIGNED != 0) {
        return false;
      }
    }
    return true;
  }

  /** The address of a view that may be missing: then null. */
  static long address(@Nullable View view) {
    return view == null ? 0 : CudaBuffer.address(view);
  }

  /** {@code name_f32}, for kernels that there is one of for each dtype. */
  static String name(String name, DType dtype) {
    return name + "_" + dtype;
  }

  /** {@code name_4}, for kernels that only move bits. */
  static String sized(String name, DType dtype) {
    return name + "_" + dtype.bytes();
  }
}
