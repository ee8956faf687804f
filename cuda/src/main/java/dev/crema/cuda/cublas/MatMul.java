package dev.crema.cuda.cublas;

import dev.crema.backend.ChannelPlan;
import dev.crema.backend.MatMulPlan;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.Scratch;
import dev.crema.cuda.driver.CudaDevice;
import org.jspecify.annotations.Nullable;

/**
 * Every {@link MatMulPlan} by cuBLAS: operands are read where they lie if one of their dimensions
 * is dense, else from a dense copy. As many of the batch's dimensions as lie evenly go in one call.
 */
public final class MatMul {
  private MatMul() {}

  /** The results of a product, whose columns have each their bias. */
  public static ChannelPlan columns(MatMulPlan p) {
    return new ChannelPlan(p.dtype(), p.batch() * p.m(), p.n(), 1);
  }

  /** y = a·b. */
  public static void run(CudaDevice d, MatMulPlan p, View a, View b, View y) {
    long bytes = p.dtype().bytes();
    if (p.k() == 0) {
      d.fill(CudaBuffer.address(y), 0, y.numel() * bytes);
      return;
    }
    int even = even(p);
    for (int i = 0; y.numel() > 0 && i < p.batch(); i += even) {
      Matrix left = left(p, a, i, even);
      Matrix right = right(p, b, i, even);
      if (left == null) {
        try (Scratch dense = Scratch.copyOf(d, a)) {
          run(d, MatMulPlan.check("matmul", dense.view(), b), dense.view(), b, y);
        }
        return;
      }
      if (right == null) {
        try (Scratch dense = Scratch.copyOf(d, b)) {
          run(d, MatMulPlan.check("matmul", a, dense.view()), a, dense.view(), y);
        }
        return;
      }
      long size = (long) p.m() * p.n();
      long at = CudaBuffer.address(y) + i * size * bytes;
      Blas.of(d).gemm(p.dtype(), even, p.m(), p.n(), p.k(), left, right, false, at, size);
    }
  }

  private static @Nullable Matrix left(MatMulPlan p, View a, int i, int even) {
    long stride = even == 1 ? 0 : p.aOffset(i + 1) - p.aOffset(i);
    return Matrix.of(at(a, p.aOffset(i)), p.m(), p.k(), p.ars(), p.acs(), stride);
  }

  private static @Nullable Matrix right(MatMulPlan p, View b, int i, int even) {
    long stride = even == 1 ? 0 : p.bOffset(i + 1) - p.bOffset(i);
    return Matrix.of(at(b, p.bOffset(i)), p.k(), p.n(), p.brs(), p.bcs(), stride);
  }

  private static long at(View x, int offset) {
    return ((CudaBuffer) x.buffer()).address() + (long) offset * x.dtype().bytes();
  }

  /** How many products, counted from the batch's innermost dimension, lie at even distances. */
  private static int even(MatMulPlan p) {
    int even = 1;
    long as = 0;
    long bs = 0;
    for (int dim = p.batchSizes().length - 1; dim >= 0; dim--) {
      long size = p.batchSizes()[dim];
      if (size == 1) {
        continue;
      }
      if (even == 1) {
        as = p.aBatch()[dim];
        bs = p.bBatch()[dim];
      } else if (p.aBatch()[dim] != as * even || p.bBatch()[dim] != bs * even) {
        break;
      }
      even *= (int) size;
    }
    return even;
  }
}
