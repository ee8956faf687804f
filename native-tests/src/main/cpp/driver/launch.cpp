// Modules and launches: a PTX names its kernels, the code that runs is that of the .cu files.
#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include "../include/cuda_on_cpu.h"
#include "capture.h"
#include "context.h"
#include "fibers.h"
#include "kernels.h"
#include "memory.h"
#include "ptx.h"

namespace crema {
namespace {

struct Function {
  const KernelCode* kernel;
  int device;
};

struct Module {
  int device;
  PtxKernels kernels;
  std::map<std::string, std::unique_ptr<Function>> functions;
};

std::set<Module*> modules;

std::map<std::string, KernelCode>& code() {
  static std::map<std::string, KernelCode> all;
  return all;
}

bool sameParameters(const KernelCode& kernel, const std::vector<size_t>& ptx) {
  bool same = kernel.parameters.size() == ptx.size();
  for (size_t i = 0; same && i < ptx.size(); i++) same = kernel.parameters[i].bytes == ptx[i];
  return same;
}

int wrongArguments(const KernelCode& kernel, size_t i) {
  violation(kernel.name + ": argument " + std::to_string(i) + " of " + std::to_string(kernel.parameters.size()) +
            " is missing, too many, or not of the size that the signature says");
  return INVALID_VALUE;
}

// Lays the arguments down as the kernel's signature has them. Both ways of passing them are known. Crema's table of
// pointers ends with a null, and its values lie one behind the other: so their number, and most sizes, can be checked.
int collect(const KernelCode& kernel, void** parameters, void** extra, std::string* arguments) {
  arguments->assign(kernel.bytes(), 0);
  if (parameters) {
    size_t n = kernel.parameters.size();
    for (size_t i = 0; i < n; i++) {
      size_t bytes = kernel.parameters[i].bytes;
      long gap = i + 1 < n && parameters[i] ? static_cast<char*>(parameters[i + 1]) - static_cast<char*>(parameters[i]) : bytes;
      if (!parameters[i] || gap < long(bytes) || gap >= long(bytes) + 8) return wrongArguments(kernel, i);
      memcpy(&(*arguments)[kernel.parameters[i].offset], parameters[i], bytes);
    }
    return parameters[n] ? wrongArguments(kernel, n) : SUCCESS;
  }
  const char* buffer = nullptr;
  size_t size = 0;
  for (; extra && *extra; extra += 2) {
    if (*extra == reinterpret_cast<void*>(1)) buffer = static_cast<const char*>(extra[1]);
    if (*extra == reinterpret_cast<void*>(2)) size = *static_cast<size_t*>(extra[1]);
  }
  if (size != kernel.bytes() || (size && !buffer)) return wrongArguments(kernel, kernel.parameters.size());
  if (size) memcpy(&(*arguments)[0], buffer, size);
  return SUCCESS;
}

int run(const KernelCode& kernel, const std::string& arguments, dim3 grid, dim3 threads) {
  if (int rc = kernelFailure(kernel.name.c_str())) return rc;
  gridDim = grid;
  blockDim = threads;
  for (blockIdx.z = 0; blockIdx.z < grid.z; blockIdx.z++)
    for (blockIdx.y = 0; blockIdx.y < grid.y; blockIdx.y++)
      for (blockIdx.x = 0; blockIdx.x < grid.x; blockIdx.x++)
        if (const char* why = runBlock(kernel.run, arguments.data())) {
          violation(kernel.name + ": " + why);
          return LAUNCH_FAILED;
        }
  return checkGuards(kernel.name) ? SUCCESS : ILLEGAL_ADDRESS;
}

}  // namespace

bool addKernel(KernelCode kernel) {
  std::string name = kernel.name;
  return code().emplace(name, std::move(kernel)).second;
}

const KernelCode* findKernel(const std::string& name) {
  auto it = code().find(name);
  return it == code().end() ? nullptr : &it->second;
}

}  // namespace crema

using namespace crema;

extern "C" {

int cuModuleLoadData(Module** module, const char* image) {
  CREMA_UNSAFE_CALL();
  std::string ptx = image;
  if (ptx.find(".version") == std::string::npos || ptx.find(".target") == std::string::npos) return INVALID_IMAGE;
  *module = new Module{device, kernelsOf(ptx), {}};
  modules.insert(*module);
  count("module", 1);
  return SUCCESS;
}

// Knows of the options those for the log of errors.
int cuModuleLoadDataEx(Module** module, const char* image, unsigned n, int* options, void** values) {
  CREMA_CALL();
  int rc = cuModuleLoadData(module, image);
  char* log = nullptr;
  size_t size = 0;
  for (unsigned i = 0; i < n; i++) {
    if (options[i] == 5) log = static_cast<char*>(values[i]);
    if (options[i] == 6) size = reinterpret_cast<size_t>(values[i]);
  }
  if (rc == INVALID_IMAGE && log && size) snprintf(log, size, "ptxas fatal: .version or .target is missing");
  return rc;
}

int cuModuleUnload(Module* module) {
  CREMA_UNSAFE_CALL();
  if (!modules.erase(module)) return INVALID_HANDLE;
  delete module;
  count("module", -1);
  return SUCCESS;
}

int cuModuleGetFunction(Function** function, Module* module, const char* name) {
  CREMA_CONTEXT_CALL();
  if (!modules.count(module)) return INVALID_HANDLE;
  auto ptx = module->kernels.find(name);
  if (ptx == module->kernels.end()) return NOT_FOUND;
  const KernelCode* kernel = findKernel(name);
  if (!kernel || !sameParameters(*kernel, ptx->second)) {
    violation(std::string(name) + ": the PTX is not of this .cu file: " +
              (kernel ? "other parameters" : "no such kernel in the source"));
    return NOT_FOUND;
  }
  auto& slot = module->functions[name];
  if (!slot) slot = std::make_unique<Function>(Function{kernel, module->device});
  *function = slot.get();
  return SUCCESS;
}

int cuLaunchKernel(Function* f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, void* stream, void** parameters, void** extra) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (f->device != device) return INVALID_HANDLE;
  if (!gx || !gy || !gz || !bx || !by || !bz || gx > 2147483647u || gy > 65535 || gz > 65535) return INVALID_VALUE;
  if (bz > 64 || bx > 1024 || by > 1024 || bx * by * bz > 1024) return INVALID_VALUE;
  if (shared > 49152) return INVALID_VALUE;
  std::string arguments;
  if (int rc = collect(*f->kernel, parameters, extra, &arguments)) return rc;
  if (s->capturing)  // whatever looks like an address into device memory is one that the graph needs
    for (size_t i = 0; i + 8 <= arguments.size(); i += 8) {
      uint64_t word;
      memcpy(&word, &arguments[i], 8);
      inDevice(word, 1);
    }
  return enqueue(s, [=] { return run(*f->kernel, arguments, dim3(gx, gy, gz), dim3(bx, by, bz)); });
}
}
