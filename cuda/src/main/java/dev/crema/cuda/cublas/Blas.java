package dev.crema.cuda.cublas;

import dev.crema.cuda.Precision;
import dev.crema.cuda.driver.Address;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.cuda.driver.Scalars;
import dev.crema.tensor.DType;
import java.util.StringJoiner;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;
import org.jspecify.annotations.Nullable;

/** cuBLAS on a device's stream. Thread safe: calls take turns. */
public final class Blas {
  private static final int HOPPER = 9;
  private static final int MIB = 1 << 20;
  private static final int OUT_OF_MEMORY = cublasStatus.CUBLAS_STATUS_ALLOC_FAILED;

  private final CudaDevice device;
  private final cublasHandle handle = new cublasHandle();
  private final CudaMemory workspace;
  private @Nullable CUstream stream;

  private Blas(CudaDevice device) {
    this.device = device;
    check("cublasCreate", device.withRoom(OUT_OF_MEMORY, () -> JCublas2.cublasCreate(handle)));
    try {
      workspace = device.allocate(device.info().major() < HOPPER ? 4L * MIB : 32L * MIB);
      follow();
    } catch (RuntimeException e) {
      JCublas2.cublasDestroy(handle);
      throw e;
    }
  }

  /**
   * Works on the stream of the device's work. The workspace is our own, of the size that cuBLAS
   * advises: in a captured step it may not allocate one, and with another it might choose another
   * algorithm.
   */
  private void follow() {
    CUstream now = device.stream();
    if (now != stream) {
      check("cublasSetStream", JCublas2.cublasSetStream(handle, new cudaStream_t(now)));
      var memory = new Address(workspace.address());
      check("cublasSetWorkspace", JCublas2.cublasSetWorkspace(handle, memory, workspace.bytes()));
      stream = now;
    }
  }

  /** The device's. */
  public static Blas of(CudaDevice device) {
    return device.part(Blas.class, Blas::new);
  }

  /** The library's version, such as 13.1.0. */
  public static String version() {
    int[] part = new int[1];
    StringJoiner version = new StringJoiner(".");
    for (int i = 0; i < 3; i++) {
      int rc = JCublas2.cublasGetProperty(i, part);
      version.add(rc == cublasStatus.CUBLAS_STATUS_SUCCESS ? String.valueOf(part[0]) : "?");
    }
    return version.toString();
  }

  /**
   * c = a·b, or c += a·b, for a batch of m×k, k×n and dense m×n, all row-major; f16 and bf16 add up
   * in f32. cuBLAS thinks in columns: it is asked for cᵗ = bᵗ·aᵗ, which lie there already.
   */
  public synchronized void gemm(
      DType dtype,
      int batch,
      int m,
      int n,
      int k,
      Matrix a,
      Matrix b,
      boolean accumulate,
      long c,
      long cBatchStride) {
    follow();
    String call = batch == 1 ? "cublasGemmEx" : "cublasGemmStridedBatchedEx";
    var beta = accumulate ? Scalars.one(dtype) : Scalars.zero(dtype);
    int rc =
        device.withRoom(
            OUT_OF_MEMORY,
            () ->
                batch == 1
                    ? one(dtype, m, n, k, a, b, beta, c)
                    : several(dtype, batch, m, n, k, a, b, beta, c, cBatchStride));
    check(call, rc);
    device.launched(call);
  }

  private int one(DType dtype, int m, int n, int k, Matrix a, Matrix b, Pointer beta, long c) {
    return JCublas2.cublasGemmEx_new(
        handle,
        operation(b),
        operation(a),
        n,
        m,
        k,
        Scalars.one(dtype),
        new Address(b.address()),
        type(dtype),
        b.ld(),
        new Address(a.address()),
        type(dtype),
        a.ld(),
        beta,
        new Address(c),
        type(dtype),
        n,
        computeType(dtype),
        cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
  }

  private int several(
      DType dtype,
      int batch,
      int m,
      int n,
      int k,
      Matrix a,
      Matrix b,
      Pointer beta,
      long c,
      long cBatchStride) {
    return JCublas2.cublasGemmStridedBatchedEx_new(
        handle,
        operation(b),
        operation(a),
        n,
        m,
        k,
        Scalars.one(dtype),
        new Address(b.address()),
        type(dtype),
        b.ld(),
        b.batchStride(),
        new Address(a.address()),
        type(dtype),
        a.ld(),
        a.batchStride(),
        beta,
        new Address(c),
        type(dtype),
        n,
        cBatchStride,
        batch,
        computeType(dtype),
        cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
  }

  private static int type(DType dtype) {
    return switch (dtype) {
      case F64 -> cudaDataType.CUDA_R_64F;
      case F16 -> cudaDataType.CUDA_R_16F;
      case BF16 -> cudaDataType.CUDA_R_16BF;
      default -> cudaDataType.CUDA_R_32F;
    };
  }

  private static int operation(Matrix x) {
    return x.transposed() ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
  }

  private static int computeType(DType dtype) {
    if (dtype == DType.F64) {
      return cublasComputeType.CUBLAS_COMPUTE_64F;
    }
    if (dtype.isHalf()) {
      return cublasComputeType.CUBLAS_COMPUTE_32F;
    }
    return switch (Precision.current()) {
      case F32 -> cublasComputeType.CUBLAS_COMPUTE_32F;
      case TF32 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
    };
  }

  private void check(String call, int rc) {
    if (rc != cublasStatus.CUBLAS_STATUS_SUCCESS) {
      throw device.libraryFailure(
          call, "%s (%s)".formatted(cublasStatus.stringFor(rc), rc), rc == OUT_OF_MEMORY);
    }
  }
}
