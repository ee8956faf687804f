// Allocations, copies and fills.
#include <cstring>

#include "capture.h"
#include "context.h"
#include "memory.h"

using namespace crema;

namespace {

typedef uint64_t Address;

char* at(Address p) { return reinterpret_cast<char*>(p); }

int outside(const char* what) {
  violation(std::string(what) + " reaches outside of device memory that is allocated");
  return INVALID_VALUE;
}

int copy(Stream* s, void* to, const void* from, size_t n, const void* host) {
  return enqueue(
      s,
      [=] {
        memmove(to, from, n);
        return 0;
      },
      host, n);
}

template <class T>
int set(Stream* s, Address p, T value, size_t n) {
  if (!inDevice(p, n * sizeof(T))) return outside("a fill");
  if (p % sizeof(T)) return INVALID_VALUE;
  return enqueue(s, [=] {
    for (size_t i = 0; i < n; i++) memcpy(at(p) + i * sizeof(T), &value, sizeof(T));
    return 0;
  });
}

}  // namespace

extern "C" {

int cuMemAlloc_v2(Address* p, size_t n) {
  CREMA_UNSAFE_CALL();
  return allocate(device, n, p);
}

int cuMemFree_v2(Address p) {
  CREMA_UNSAFE_CALL();
  drainDevice(device);
  return release(p);
}

int cuMemAllocAsync(Address* p, size_t n, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (s->capturing) return spoil(s, STREAM_CAPTURE_UNSUPPORTED);  // memory nodes are not known here
  return allocate(device, n, p);
}

int cuMemFreeAsync(Address p, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (s->capturing) return spoil(s, STREAM_CAPTURE_UNSUPPORTED);  // memory nodes are not known here
  return enqueue(s, [=] { return release(p); });
}

int cuMemGetInfo_v2(size_t* free, size_t* total) {
  CREMA_CONTEXT_CALL();
  *total = memoryOf(device);
  *free = memoryUsed(device) > *total ? 0 : *total - memoryUsed(device);
  return SUCCESS;
}

int cuMemAllocHost_v2(void** p, size_t n) {
  CREMA_UNSAFE_CALL();
  return (*p = allocatePinned(n)) ? SUCCESS : n ? OUT_OF_MEMORY : INVALID_VALUE;
}

int cuMemHostAlloc(void** p, size_t n, unsigned) {
  CREMA_UNSAFE_CALL();
  return (*p = allocatePinned(n)) ? SUCCESS : n ? OUT_OF_MEMORY : INVALID_VALUE;
}

int cuMemFreeHost(void* p) {
  CREMA_UNSAFE_CALL();
  if (isUsed(p, 1)) {
    violation("pinned memory is freed while a copy that uses it waits");
    drainDevice(device);
  }
  return releasePinned(p) ? SUCCESS : INVALID_VALUE;
}

int cuMemcpyHtoD_v2(Address to, const void* from, size_t n) {
  CREMA_UNSAFE_CALL();
  if (!inDevice(to, n)) return n ? outside("a copy to the device") : SUCCESS;
  return copy(streamOf(nullptr, device), at(to), from, n, nullptr);
}

int cuMemcpyDtoH_v2(void* to, Address from, size_t n) {
  CREMA_UNSAFE_CALL();
  if (!inDevice(from, n)) return n ? outside("a copy from the device") : SUCCESS;
  return copy(streamOf(nullptr, device), to, at(from), n, nullptr);
}

int cuMemcpyDtoD_v2(Address to, Address from, size_t n) {
  CREMA_UNSAFE_CALL();
  if (!inDevice(from, n) || !inDevice(to, n)) return n ? outside("a copy on the device") : SUCCESS;
  return copy(streamOf(nullptr, device), at(to), at(from), n, nullptr);
}

// Pageable memory may be overwritten as soon as the call returns, pinned memory not before the copy ran.
int cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t n, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (!inDevice(to, n)) return n ? outside("a copy to the device") : SUCCESS;
  if (isPinned(from, n)) return copy(s, at(to), from, n, from);
  if (s->capturing) return spoil(s, STREAM_CAPTURE_UNSUPPORTED);
  std::string own(static_cast<const char*>(from), n);
  return enqueue(s, [=] {
    memcpy(at(to), own.data(), n);
    return 0;
  });
}

int cuMemcpyDtoHAsync_v2(void* to, Address from, size_t n, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (!inDevice(from, n)) return n ? outside("a copy from the device") : SUCCESS;
  if (s->capturing && !isPinned(to, n)) return spoil(s, STREAM_CAPTURE_UNSUPPORTED);
  int rc = copy(s, to, at(from), n, to);
  return isPinned(to, n) ? rc : drain(s);
}

int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t n, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (!inDevice(from, n) || !inDevice(to, n)) return n ? outside("a copy on the device") : SUCCESS;
  return copy(s, at(to), at(from), n, nullptr);
}

int cuMemcpyPeerAsync(Address to, Context*, Address from, Context*, size_t n, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (!inDevice(from, n) || !inDevice(to, n)) return n ? outside("a copy between devices") : SUCCESS;
  return copy(s, at(to), at(from), n, nullptr);
}

int cuMemcpyPeer(Address to, Context*, Address from, Context*, size_t n) {
  CREMA_UNSAFE_CALL();
  if (!inDevice(from, n) || !inDevice(to, n)) return n ? outside("a copy between devices") : SUCCESS;
  return copy(streamOf(nullptr, device), at(to), at(from), n, nullptr);
}

int cuMemsetD8_v2(Address p, unsigned char v, size_t n) {
  CREMA_UNSAFE_CALL();
  return set(streamOf(nullptr, device), p, v, n);
}

int cuMemsetD16_v2(Address p, unsigned short v, size_t n) {
  CREMA_UNSAFE_CALL();
  return set(streamOf(nullptr, device), p, v, n);
}

int cuMemsetD32_v2(Address p, unsigned v, size_t n) {
  CREMA_UNSAFE_CALL();
  return set(streamOf(nullptr, device), p, v, n);
}

int cuMemsetD8Async(Address p, unsigned char v, size_t n, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  return set(s, p, v, n);
}

int cuMemsetD16Async(Address p, unsigned short v, size_t n, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  return set(s, p, v, n);
}

int cuMemsetD32Async(Address p, unsigned v, size_t n, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  return set(s, p, v, n);
}
}
