#include "calls.h"

#include <cstdio>
#include <cstring>
#include <map>
#include <vector>

#include "control.h"
#include "memory.h"

namespace crema {
namespace {

struct Function {
  long calls = 0;
  long failAt = 0;  // the value of calls at which it fails; 0: never
  int rc = 0;
};

std::recursive_mutex mutex;
std::map<std::string, Function> functions, kernels;
std::map<std::string, long> living;
std::vector<std::string> violations;

int enter(std::map<std::string, Function>& all, const char* name) {
  Function& f = all[name];
  return ++f.calls == f.failAt ? f.rc : 0;
}

void fail(Function& f, long nth, int rc) {
  f.failAt = f.calls + nth;
  f.rc = rc;
}

template <class T>
std::string lines(const std::map<std::string, T>& values, long (*number)(const T&)) {
  std::string text;
  for (auto& [name, value] : values) text += name + ' ' + std::to_string(number(value)) + '\n';
  return text;
}

}  // namespace

Call::Call(const char* function) : lock(mutex) {
  forgetTouched();
  rc = enter(functions, function);
}

void count(const char* kind, int by) { living[kind] += by; }

void violation(const std::string& what) {
  fprintf(stderr, "CPU-executing CUDA driver: %s\n", what.c_str());
  if (violations.size() < 100) violations.push_back(what);
}

int kernelFailure(const char* kernel) {
  int any = enter(kernels, "");
  int rc = enter(kernels, kernel);
  return rc ? rc : any;
}

std::recursive_mutex& theLock() { return mutex; }

}  // namespace crema

using namespace crema;

// Copies text into out, with its end; gives the length that it has.
long crema_text(const std::string& text, char* out, long size) {
  if (size > 0) {
    size_t n = std::min<size_t>(text.size(), size - 1);
    memcpy(out, text.data(), n);
    out[n] = 0;
  }
  return long(text.size());
}

extern "C" {

void crema_test_fail(const char* function, long nth, int rc) {
  std::lock_guard guard(mutex);
  fail(functions[function], nth, rc);
}

void crema_test_fail_kernel(const char* kernel, long nth, int rc) {
  std::lock_guard guard(mutex);
  fail(kernels[kernel], nth, rc);
}

long crema_test_calls(char* out, long size) {
  std::lock_guard guard(mutex);
  return crema_text(lines<Function>(functions, [](const Function& f) { return f.calls; }), out, size);
}

long crema_test_launches(char* out, long size) {
  std::lock_guard guard(mutex);
  return crema_text(lines<Function>(kernels, [](const Function& f) { return f.calls; }), out, size);
}

long crema_test_living(char* out, long size) {
  std::lock_guard guard(mutex);
  return crema_text(lines<long>(living, [](const long& n) { return n; }), out, size);
}

long crema_test_violations(char* out, long size) {
  std::lock_guard guard(mutex);
  std::string text;
  for (auto& v : violations) text += v + '\n';
  return crema_text(text, out, size);
}

void crema_test_reset() {
  std::lock_guard guard(mutex);
  functions.clear();
  kernels.clear();
  violations.clear();
  crema_reset_devices();
}
}
