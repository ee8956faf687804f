// What CUDA's compiler has built in, for g++: included before each .cu file, which is then plain C++.
// One thread of the machine runs one block at a time, its CUDA threads one after the other (fibers.h).
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "half.h"

#ifdef CREMA_SCAN
#define __global__ crema_kernel  // the build looks for this word to list the kernels
#else
#define __global__
#endif
#define __device__
#define __host__
#define __constant__ static const
#define __shared__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))

struct uint3 {
  unsigned x, y, z;
};
struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};
extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;
constexpr int warpSize = 32;

namespace crema {
void syncBlock();
// Gives every lane of the mask the bits of the lane it names, and the ballot of all (bits that are not 0).
struct Exchanged {
  uint64_t bits;
  unsigned ballot;
};
Exchanged syncWarp(unsigned mask, uint64_t bits, int source);
int lane();

template <class T>
T shuffle(unsigned mask, T value, int source) {
  static_assert(sizeof(T) <= 8);
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  bits = syncWarp(mask, bits, source).bits;
  memcpy(&value, &bits, sizeof value);
  return value;
}
}  // namespace crema

// ---- threads ----

inline void __syncthreads() { crema::syncBlock(); }
inline void __syncwarp(unsigned mask = ~0u) { crema::syncWarp(mask, 0, 0); }
inline void __threadfence() {}
inline void __threadfence_block() {}

template <class T>
T __shfl_sync(unsigned mask, T v, int source, int width = 32) {
  return crema::shuffle(mask, v, (crema::lane() & -width) | (source & (width - 1)));
}
template <class T>
T __shfl_down_sync(unsigned mask, T v, unsigned delta, int width = 32) {
  int lane = crema::lane();
  return crema::shuffle(mask, v, (lane & (width - 1)) + delta < unsigned(width) ? lane + delta : lane);
}
template <class T>
T __shfl_up_sync(unsigned mask, T v, unsigned delta, int width = 32) {
  int lane = crema::lane();
  return crema::shuffle(mask, v, unsigned(lane & (width - 1)) >= delta ? lane - delta : lane);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T v, int other, int width = 32) {
  int lane = crema::lane(), source = lane ^ other;
  return crema::shuffle(mask, v, (source & -width) <= (lane & -width) ? source : lane);
}
inline unsigned __ballot_sync(unsigned mask, int p) { return crema::syncWarp(mask, p != 0, crema::lane()).ballot; }
inline int __any_sync(unsigned mask, int p) { return __ballot_sync(mask, p) != 0; }
inline int __all_sync(unsigned mask, int p) { return __ballot_sync(mask, !p) == 0; }

// ---- atomics: the order is the threads', one after the other ----

template <class T>
struct crema_same {
  typedef T type;
};
template <class T, class F>
T crema_update(T* p, F f) {
  T old = *p;
  *p = f(old);
  return old;
}
#define CREMA_ATOMIC(name, expression)                       \
  template <class T>                                         \
  T name(T* p, typename crema_same<T>::type v) {             \
    return crema_update(p, [v](T old) { return expression; }); \
  }
CREMA_ATOMIC(atomicAdd, T(old + v))
CREMA_ATOMIC(atomicSub, T(old - v))
CREMA_ATOMIC(atomicMin, old < v ? old : v)
CREMA_ATOMIC(atomicMax, old > v ? old : v)
CREMA_ATOMIC(atomicOr, old | v)
CREMA_ATOMIC(atomicAnd, old& v)
CREMA_ATOMIC(atomicExch, ((void)old, v))
#undef CREMA_ATOMIC
template <class T>
T atomicCAS(T* p, typename crema_same<T>::type expected, typename crema_same<T>::type v) {
  return crema_update(p, [=](T old) { return old == expected ? v : old; });
}
inline unsigned atomicInc(unsigned* p, unsigned last) {
  return crema_update(p, [=](unsigned old) { return old >= last ? 0 : old + 1; });
}

// ---- numbers ----

template <class T>
const T& min(const T& a, const T& b) {
  return b < a ? b : a;
}
template <class T>
const T& max(const T& a, const T& b) {
  return a < b ? b : a;
}
template <class T>
T __ldg(const T* p) {
  return *p;
}
template <class To, class From>
To crema_cast_bits(From v) {
  static_assert(sizeof(To) == sizeof(From));
  To r;
  memcpy(&r, &v, sizeof r);
  return r;
}
inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
inline double rsqrt(double x) { return 1.0 / ::sqrt(x); }
inline float __int_as_float(int v) { return crema_cast_bits<float>(v); }
inline int __float_as_int(float v) { return crema_cast_bits<int>(v); }
inline float __uint_as_float(unsigned v) { return crema_cast_bits<float>(v); }
inline unsigned __float_as_uint(float v) { return crema_cast_bits<unsigned>(v); }
inline double __longlong_as_double(long long v) { return crema_cast_bits<double>(v); }
inline long long __double_as_longlong(double v) { return crema_cast_bits<long long>(v); }
inline unsigned __umulhi(unsigned a, unsigned b) { return unsigned((uint64_t(a) * b) >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
inline int __clz(int v) { return v ? __builtin_clz(v) : 32; }
inline int __clzll(long long v) { return v ? __builtin_clzll(v) : 64; }
inline int __ffs(int v) { return __builtin_ffs(v); }
inline int __popc(unsigned v) { return __builtin_popcount(v); }
// Products, sums and quotients that CUDA's compiler must not fuse or approximate: g++ does neither here.
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dsub_rn(double a, double b) { return a - b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline double __dsqrt_rn(double a) { return ::sqrt(a); }
inline double __fma_rn(double a, double b, double c) { return ::fma(a, b, c); }

template <class T, int N>
struct alignas(sizeof(T) * N) crema_vector;
template <class T>
struct alignas(sizeof(T) * 2) crema_vector<T, 2> {
  T x, y;
};
template <class T>
struct alignas(sizeof(T) * 4 > 16 ? 16 : sizeof(T) * 4) crema_vector<T, 4> {
  T x, y, z, w;
};
typedef crema_vector<float, 2> float2;
typedef crema_vector<float, 4> float4;
typedef crema_vector<double, 2> double2;
typedef crema_vector<int, 2> int2;
typedef crema_vector<int, 4> int4;
typedef crema_vector<unsigned, 2> uint2;
typedef crema_vector<unsigned, 4> uint4;
typedef crema_vector<unsigned char, 4> uchar4;
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline double2 make_double2(double x, double y) { return {x, y}; }
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
