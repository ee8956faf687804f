// The part of cuBLAS that Crema calls, in plain loops: column-major, on the handle's stream.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "../driver/capture.h"
#include "../driver/context.h"
#include "../driver/memory.h"
#include "../include/half.h"

using crema::contextError;
using crema::count;
using crema::currentContext;
using crema::enqueue;
using crema::inDevice;
using crema::spoil;
using crema::Stream;
using crema::streamOf;
using crema::unsafeCall;
using crema::violation;

namespace {

enum Status { NOT_INITIALIZED = 1, INVALID_VALUE = 7, MAPPING_ERROR = 11, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum DataType { R_32F = 0, R_64F = 1, R_16F = 2, R_16BF = 14 };
enum ComputeType { COMPUTE_32F = 68, COMPUTE_32F_PEDANTIC = 69, COMPUTE_32F_FAST_TF32 = 77, COMPUTE_64F = 70 };
constexpr int VERSION = 130000;

struct Handle {
  int device;
  Stream* stream;
  int mathMode;
  uint64_t workspace;
  size_t workspaceBytes;
};

// An operand: op(X) has rows × columns, and X's columns are ld apart.
struct Matrix {
  uint64_t address;
  int transposed, ld;
  long long stride;  // from one of the batch to the next
};

struct Gemm {
  int m, n, k, batch;
  Matrix a, b, c;
};

int check(Handle* h) {
  if (!h) return NOT_INITIALIZED;
  if (contextError()) return EXECUTION_FAILED;
  return currentContext()->device == h->device ? 0 : int(MAPPING_ERROR);
}

bool fits(const Matrix& x, int rows, int columns, int batch, size_t size) {
  if (x.ld < (rows > 1 ? rows : 1)) return false;
  if (!rows || !columns || !batch) return true;
  size_t last = size_t(columns - 1) * x.ld + rows + size_t(batch - 1) * x.stride;
  if (x.stride >= 0 && inDevice(x.address, last * size)) return true;
  violation("cuBLAS: an operand reaches outside of device memory that is allocated");
  return false;
}

// W: what T adds up in, and alpha and beta are.
template <class T, class W>
void multiply(const Gemm& g, W alpha, W beta) {
  auto a = reinterpret_cast<const T*>(g.a.address), b = reinterpret_cast<const T*>(g.b.address);
  auto c = reinterpret_cast<T*>(g.c.address);
  std::vector<W> column(g.m);
  for (int i = 0; i < g.batch; i++, a += g.a.stride, b += g.b.stride, c += g.c.stride)
    for (int n = 0; n < g.n; n++) {
      T* y = c + size_t(n) * g.c.ld;
      std::fill(column.begin(), column.end(), W(0));
      for (int k = 0; k < g.k; k++) {
        W f = g.b.transposed ? b[size_t(k) * g.b.ld + n] : b[size_t(n) * g.b.ld + k];
        if (g.a.transposed)
          for (int m = 0; m < g.m; m++) column[m] += f * a[size_t(m) * g.a.ld + k];
        else
          for (int m = 0; m < g.m; m++) column[m] += f * a[size_t(k) * g.a.ld + m];
      }
      for (int m = 0; m < g.m; m++) y[m] = T(beta == 0 ? alpha * column[m] : alpha * column[m] + beta * y[m]);
    }
}

template <class T, class W = T>
int gemm(Handle* h, const Gemm& g, const void* alpha, const void* beta) {
  if (int bad = check(h)) return bad;
  if (g.m < 0 || g.n < 0 || g.k < 0 || g.batch < 0 || !alpha || !beta) return INVALID_VALUE;
  if (g.a.transposed < 0 || g.a.transposed > 2 || g.b.transposed < 0 || g.b.transposed > 2) return INVALID_VALUE;
  bool whole = fits(g.a, g.a.transposed ? g.k : g.m, g.a.transposed ? g.m : g.k, g.batch, sizeof(T)) &&
               fits(g.b, g.b.transposed ? g.n : g.k, g.b.transposed ? g.k : g.n, g.batch, sizeof(T)) &&
               fits(g.c, g.m, g.n, g.batch, sizeof(T));
  if (!whole) return INVALID_VALUE;
  W al = *static_cast<const W*>(alpha), be = *static_cast<const W*>(beta);
  if (h->stream->capturing && !h->workspace) {
    violation("cuBLAS: in a capture without a workspace of the caller's, which it would have to allocate");
    return spoil(h->stream, EXECUTION_FAILED);
  }
  if (h->workspace && !inDevice(h->workspace, h->workspaceBytes)) {
    violation("cuBLAS: its workspace was freed");
    return EXECUTION_FAILED;
  }
  uint64_t workspace = h->workspace;
  int rc = enqueue(h->stream, [=] {
    if (workspace) memset(reinterpret_cast<void*>(workspace), 0xEE, 256);
    multiply<T, W>(g, al, be);
    return 0;
  });
  return rc ? int(EXECUTION_FAILED) : 0;
}

int gemmEx(Handle* h, const Gemm& g, int at, int bt, int ct, int compute, const void* alpha, const void* beta) {
  bool single = at == R_32F && bt == R_32F && ct == R_32F;
  bool twice = at == R_64F && bt == R_64F && ct == R_64F;
  if (single && (compute == COMPUTE_32F || compute == COMPUTE_32F_PEDANTIC || compute == COMPUTE_32F_FAST_TF32))
    return gemm<float>(h, g, alpha, beta);
  if (at == R_16F && bt == R_16F && ct == R_16F && compute == COMPUTE_32F) return gemm<F16, float>(h, g, alpha, beta);
  if (at == R_16BF && bt == R_16BF && ct == R_16BF && compute == COMPUTE_32F) return gemm<BF16, float>(h, g, alpha, beta);
  return twice && compute == COMPUTE_64F ? gemm<double>(h, g, alpha, beta) : int(NOT_SUPPORTED);
}

}  // namespace

extern "C" {

int cublasCreate_v2(Handle** h) {
  CREMA_CALL();
  if (contextError() || unsafeCall()) return NOT_INITIALIZED;
  int device = currentContext()->device;
  *h = new Handle{device, streamOf(nullptr, device), 0, 0, 0};
  count("cuBLAS handle", 1);
  return 0;
}

int cublasDestroy_v2(Handle* h) {
  CREMA_CALL();
  if (!h) return NOT_INITIALIZED;
  delete h;
  count("cuBLAS handle", -1);
  return 0;
}

int cublasGetVersion_v2(Handle* h, int* version) {
  CREMA_CALL();
  if (!h) return NOT_INITIALIZED;
  *version = VERSION;
  return 0;
}

// 0, 1, 2: the major version, the minor one, the patch level.
int cublasGetProperty(int which, int* value) {
  CREMA_CALL();
  if (which < 0 || which > 2) return INVALID_VALUE;
  *value = which == 0 ? VERSION / 10000 : which == 1 ? VERSION / 100 % 100 : VERSION % 100;
  return 0;
}

int cublasSetStream_v2(Handle* h, void* stream) {
  CREMA_CALL();
  if (int bad = check(h)) return bad;
  Stream* s = streamOf(stream, h->device);
  if (!s) return INVALID_VALUE;
  h->stream = s;
  h->workspace = 0;  // back to cuBLAS's own
  return 0;
}

int cublasSetWorkspace_v2(Handle* h, uint64_t workspace, size_t bytes) {
  CREMA_CALL();
  if (int bad = check(h)) return bad;
  if (bytes < 256 || workspace % 256 || !inDevice(workspace, bytes)) return INVALID_VALUE;
  h->workspace = workspace;
  h->workspaceBytes = bytes;
  return 0;
}

int cublasSetMathMode(Handle* h, int mode) {
  CREMA_CALL();
  if (int bad = check(h)) return bad;
  h->mathMode = mode;
  return 0;
}

int cublasSetPointerMode_v2(Handle* h, int mode) {
  CREMA_CALL();
  if (int bad = check(h)) return bad;
  return mode ? NOT_SUPPORTED : 0;
}

int cublasSetAtomicsMode(Handle* h, int) {
  CREMA_CALL();
  return check(h);
}

const char* cublasGetStatusString(int status) {
  switch (status) {
    case 0: return "success";
    case 1: return "the library was not initialized";
    case 3: return "the resource allocation failed";
    case 7: return "an unsupported value or parameter was passed to the function";
    case 8: return "the function requires an architectural feature absent from the device architecture";
    case 11: return "an access to GPU memory space failed";
    case 13: return "the GPU program failed to execute";
    case 14: return "an internal operation failed";
    case 15: return "the functionality requested is not supported";
    default: return "unknown";
  }
}

const char* cublasGetStatusName(int status) { return status ? "CUBLAS_STATUS_ERROR" : "CUBLAS_STATUS_SUCCESS"; }

int cublasSgemm_v2(Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, uint64_t a, int lda, uint64_t b,
                   int ldb, const void* beta, uint64_t c, int ldc) {
  CREMA_CALL();
  return gemm<float>(h, {m, n, k, 1, {a, ta, lda, 0}, {b, tb, ldb, 0}, {c, 0, ldc, 0}}, alpha, beta);
}

int cublasDgemm_v2(Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, uint64_t a, int lda, uint64_t b,
                   int ldb, const void* beta, uint64_t c, int ldc) {
  CREMA_CALL();
  return gemm<double>(h, {m, n, k, 1, {a, ta, lda, 0}, {b, tb, ldb, 0}, {c, 0, ldc, 0}}, alpha, beta);
}

int cublasSgemmStridedBatched(Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, uint64_t a, int lda,
                              long long sa, uint64_t b, int ldb, long long sb, const void* beta, uint64_t c, int ldc,
                              long long sc, int batch) {
  CREMA_CALL();
  return gemm<float>(h, {m, n, k, batch, {a, ta, lda, sa}, {b, tb, ldb, sb}, {c, 0, ldc, sc}}, alpha, beta);
}

int cublasDgemmStridedBatched(Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, uint64_t a, int lda,
                              long long sa, uint64_t b, int ldb, long long sb, const void* beta, uint64_t c, int ldc,
                              long long sc, int batch) {
  CREMA_CALL();
  return gemm<double>(h, {m, n, k, batch, {a, ta, lda, sa}, {b, tb, ldb, sb}, {c, 0, ldc, sc}}, alpha, beta);
}

int cublasGemmStridedBatchedEx(Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, uint64_t a, int at,
                               int lda, long long sa, uint64_t b, int bt, int ldb, long long sb, const void* beta,
                               uint64_t c, int ct, int ldc, long long sc, int batch, int compute, int) {
  CREMA_CALL();
  return gemmEx(h, {m, n, k, batch, {a, ta, lda, sa}, {b, tb, ldb, sb}, {c, 0, ldc, sc}}, at, bt, ct, compute, alpha, beta);
}

int cublasGemmEx(Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, uint64_t a, int at, int lda,
                 uint64_t b, int bt, int ldb, const void* beta, uint64_t c, int ct, int ldc, int compute, int) {
  CREMA_CALL();
  return gemmEx(h, {m, n, k, 1, {a, ta, lda, 0}, {b, tb, ldb, 0}, {c, 0, ldc, 0}}, at, bt, ct, compute, alpha, beta);
}
}
