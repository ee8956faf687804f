// The names and texts of the driver's results.
#include "calls.h"

namespace {

struct Text {
  int rc;
  const char *name, *text;
} TEXTS[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {3, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {100, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {101, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {200, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {201, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {218, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."},
    {400, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {500, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {600, "CUDA_ERROR_NOT_READY", "device not ready"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {719, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {999, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const Text* find(int rc) {
  for (auto& t : TEXTS)
    if (t.rc == rc) return &t;
  return nullptr;
}

}  // namespace

extern "C" {

int cuGetErrorName(int rc, const char** name) {
  CREMA_CALL();
  const Text* t = find(rc);
  *name = t ? t->name : nullptr;
  return t ? 0 : crema::INVALID_VALUE;
}

int cuGetErrorString(int rc, const char** text) {
  CREMA_CALL();
  const Text* t = find(rc);
  *text = t ? t->text : nullptr;
  return t ? 0 : crema::INVALID_VALUE;
}
}
