// Devices and contexts.
#include <cstdio>
#include <cstring>
#include <map>
#include <vector>

#include "capture.h"
#include "context.h"
#include "control.h"
#include "memory.h"

namespace crema {
namespace {

constexpr int DEVICES = 2;
constexpr int DRIVER_VERSION = 13000;
bool initialized = false;
std::map<int, Context> primaries;
std::map<int, int> retained;
std::vector<std::unique_ptr<Context>> made;
thread_local std::vector<Context*> stack;

// The attributes that a program may ask for, as of a device of compute capability 8.0 with one small multiprocessor.
const std::map<int, int> ATTRIBUTES = {
    {1, 1024},  {2, 1024}, {3, 1024},  {4, 64},          {5, 2147483647}, {6, 65535},  {7, 65535}, {8, 49152},
    {9, 65536}, {10, 32},  {12, 65536}, {13, 1000000},   {16, 2},         {36, 1000000}, {37, 64},  {38, 1 << 20},
    {39, 2048}, {40, 2},   {41, 1},    {75, 8},          {76, 0},         {81, 49152}, {82, 65536}, {97, 49152},
    {115, 1},
};

bool known(Context* c) {
  for (auto& [device, p] : primaries)
    if (&p == c) return retained[device] > 0;
  for (auto& m : made)
    if (m.get() == c) return true;
  return false;
}

bool isDevice(int device) { return device >= 0 && device < DEVICES; }

}  // namespace

Context* currentContext() { return stack.empty() || !known(stack.back()) ? nullptr : stack.back(); }

int contextError() {
  if (!initialized) return NOT_INITIALIZED;
  Context* c = currentContext();
  return c ? deviceError(c->device) : INVALID_CONTEXT;
}

}  // namespace crema

using namespace crema;

void crema_reset_devices() {
  for (int i = 0; i < DEVICES; i++) setMemory(i, size_t(4) << 30);
  setEager(false);
  clearDeviceErrors();
}

#define CREMA_DEVICE(d)                           \
  CREMA_CALL();                                   \
  if (!initialized) return crema::NOT_INITIALIZED; \
  if (!isDevice(d)) return crema::INVALID_DEVICE

extern "C" {

void crema_test_memory(int device, long bytes) { setMemory(device, size_t(bytes)); }
void crema_test_eager(int eager) { setEager(eager != 0); }

int cuInit(unsigned flags) {
  CREMA_CALL();
  if (flags) return INVALID_VALUE;
  initialized = true;
  return SUCCESS;
}

int cuDriverGetVersion(int* version) {
  CREMA_CALL();
  *version = DRIVER_VERSION;
  return SUCCESS;
}

int cuDeviceGetCount(int* n) {
  CREMA_DEVICE(0);
  *n = DEVICES;
  return SUCCESS;
}

int cuDeviceGet(int* device, int ordinal) {
  CREMA_DEVICE(ordinal);
  *device = ordinal;
  return SUCCESS;
}

int cuDeviceGetName(char* name, int size, int device) {
  CREMA_DEVICE(device);
  snprintf(name, size, "Crema's CPU-executing test device %d (no GPU)", device);
  return SUCCESS;
}

int cuDeviceGetAttribute(int* value, int attribute, int device) {
  CREMA_DEVICE(device);
  auto it = ATTRIBUTES.find(attribute);
  if (it == ATTRIBUTES.end()) {
    fprintf(stderr, "CPU-executing CUDA driver: device attribute %d is not known here\n", attribute);
    return INVALID_VALUE;
  }
  *value = it->second;
  return SUCCESS;
}

int cuDeviceTotalMem_v2(size_t* bytes, int device) {
  CREMA_DEVICE(device);
  *bytes = memoryOf(device);
  return SUCCESS;
}

int cuDeviceGetPCIBusId(char* id, int size, int device) {
  CREMA_DEVICE(device);
  snprintf(id, size, "0000:%02x:00.0", device);
  return SUCCESS;
}

int cuDeviceComputeCapability(int* major, int* minor, int device) {
  CREMA_DEVICE(device);
  *major = 8;
  *minor = 0;
  return SUCCESS;
}

int cuDeviceCanAccessPeer(int* can, int device, int) {
  CREMA_DEVICE(device);
  *can = 0;
  return SUCCESS;
}

int cuDevicePrimaryCtxRetain(Context** context, int device) {
  CREMA_DEVICE(device);
  primaries[device] = {device, true};
  retained[device]++;
  count("primary context", 1);
  *context = &primaries[device];
  return SUCCESS;
}

int cuDevicePrimaryCtxRelease_v2(int device) {
  CREMA_DEVICE(device);
  if (!retained[device]) return INVALID_CONTEXT;
  retained[device]--;
  count("primary context", -1);
  return SUCCESS;
}

int cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
  CREMA_DEVICE(device);
  *flags = 0;
  *active = retained[device] > 0;
  return SUCCESS;
}

int cuCtxCreate_v2(Context** context, unsigned, int device) {
  CREMA_DEVICE(device);
  made.push_back(std::make_unique<Context>(Context{device, false}));
  stack.push_back(made.back().get());
  count("context", 1);
  *context = stack.back();
  return SUCCESS;
}

int cuCtxDestroy_v2(Context* context) {
  CREMA_CALL();
  for (auto it = made.begin(); it != made.end(); ++it) {
    if (it->get() != context) continue;
    drainDevice(context->device);
    if (!stack.empty() && stack.back() == context) stack.pop_back();
    made.erase(it);
    count("context", -1);
    return SUCCESS;
  }
  return INVALID_CONTEXT;
}

int cuCtxSetCurrent(Context* context) {
  CREMA_CALL();
  if (context && !known(context)) return INVALID_CONTEXT;
  if (!stack.empty()) stack.pop_back();
  if (context) stack.push_back(context);
  return SUCCESS;
}

int cuCtxGetCurrent(Context** context) {
  CREMA_CALL();
  *context = currentContext();
  return SUCCESS;
}

int cuCtxPushCurrent_v2(Context* context) {
  CREMA_CALL();
  if (!known(context)) return INVALID_CONTEXT;
  stack.push_back(context);
  return SUCCESS;
}

int cuCtxPopCurrent_v2(Context** context) {
  CREMA_CALL();
  if (stack.empty()) return INVALID_CONTEXT;
  if (context) *context = stack.back();
  stack.pop_back();
  return SUCCESS;
}

int cuCtxGetDevice(int* result) {
  CREMA_CONTEXT_CALL();
  *result = device;
  return SUCCESS;
}

int cuCtxSynchronize() {
  CREMA_CONTEXT_CALL();
  if (int bad = unsafeForDevice(device)) return bad;
  return drainDevice(device);
}
}
