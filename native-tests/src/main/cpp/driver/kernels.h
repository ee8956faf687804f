// The kernels of the .cu files by name, each with the layout of its arguments, which its C++ signature tells.
#pragma once
#include <cstddef>
#include <cstring>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace crema {

struct Parameter {
  size_t offset, bytes;
};

struct KernelCode {
  std::string name;
  void (*run)(const char* arguments);
  std::vector<Parameter> parameters;
  size_t bytes() const { return parameters.empty() ? 0 : parameters.back().offset + parameters.back().bytes; }
};

bool addKernel(KernelCode kernel);
// Null where no .cu file has it.
const KernelCode* findKernel(const std::string& name);

template <class... A>
std::vector<Parameter> parametersOf() {
  std::vector<Parameter> all;
  size_t at = 0;
  ((at = (at + alignof(A) - 1) / alignof(A) * alignof(A), all.push_back({at, sizeof(A)}), at += sizeof(A)), ...);
  return all;
}

template <auto F, class... A>
struct Caller {
  static constexpr auto offsets = [] {
    struct {
      size_t of[sizeof...(A) + 1] = {};
    } all;
    size_t at = 0, i = 0;
    ((at = (at + alignof(A) - 1) / alignof(A) * alignof(A), all.of[i++] = at, at += sizeof(A)), ...);
    return all;
  }();

  template <size_t... I>
  static void call(const char* p, std::index_sequence<I...>) {
    F(*reinterpret_cast<const A*>(p + offsets.of[I])...);
  }

  static void run(const char* p) { call(p, std::index_sequence_for<A...>{}); }
};

template <auto F, class... A>
bool add(const char* name, void (*)(A...)) {
  return addKernel({name, &Caller<F, std::remove_cv_t<A>...>::run, parametersOf<std::remove_cv_t<A>...>()});
}

}  // namespace crema

// The build writes one of these for each kernel that it finds.
#define CREMA_KERNEL(name) static const bool crema_has_##name = crema::add<name>(#name, name);
