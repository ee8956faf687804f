// What the kernels have in common. A block has 256 threads. Element counts and places fit in an int,
// which the plans see to; addresses are 64 bits wide. Nothing here depends on the order in which
// blocks run, and no floating number is added atomically: the same input gives the same bits.
#pragma once

#define KERNEL extern "C" __global__ void

const int THREADS = 256;

typedef unsigned char u8;
typedef unsigned short u16;
typedef long long i64;
typedef unsigned long long u64;

// A truth value: one byte, 0 or 1.
struct b8 {
  u8 bit;
};

// ---- 16-bit floats: stored so, and computed with as float ----

struct f16 {
  u16 bits;
};
struct bf16 {
  u16 bits;
};

// The number that an element stands for, in the type that computes with it.
template <class T>
__device__ T wide(T x) {
  return x;
}
inline __device__ float wide(bf16 x) { return __uint_as_float(unsigned(x.bits) << 16); }
inline __device__ float wide(f16 x) {
#ifdef __CUDACC__
  float y;
  asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x.bits));
  return y;
#else
  return f16Value(x.bits);
#endif
}

template <class T>
struct Wide {
  typedef T type;
};
template <>
struct Wide<f16> {
  typedef float type;
};
template <>
struct Wide<bf16> {
  typedef float type;
};

// The element nearest to a number, ties to even.
template <class T>
struct Narrow {
  static __device__ T from(T x) { return x; }
};
template <>
struct Narrow<f16> {
  static __device__ f16 from(float x) {
#ifdef __CUDACC__
    f16 y;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
    return y;
#else
    return f16{f16Bits(x)};
#endif
  }
};
template <>
struct Narrow<bf16> {
  static __device__ bf16 from(float x) {
    unsigned bits = __float_as_uint(x);
    unsigned rounded = x != x ? bits | 0x400000 : bits + 0x7FFF + (bits >> 16 & 1);
    return bf16{u16(rounded >> 16)};
  }
};

// ---- index arithmetic ----

// Division by a number that the host knows: n / d = (⌊n·magic / 2^32⌋ + n) >> shift for every n below
// 2^31 (Granlund and Montgomery, "Division by invariant integers using multiplication", 1994).
struct Divisor {
  unsigned d, magic, shift;

  __device__ unsigned quotient(unsigned n) const {
    return (unsigned(u64(n) * magic >> 32) + n) >> shift;
  }
};

const int MAX_RANK = 8;

// A loop nest over M operands, innermost loop first: how often each loop runs, and how far each
// operand moves by its step, in elements.
template <int M>
struct Nest {
  int rank;
  Divisor size[MAX_RANK];
  int stride[M][MAX_RANK];

  // Where the operands are at iteration i, counted row-major.
  __device__ void at(unsigned i, int (&place)[M]) const {
    for (int m = 0; m < M; m++) place[m] = 0;
    int last = rank - 1;
#pragma unroll 1
    for (int d = 0; d < last; d++) {
      unsigned outer = size[d].quotient(i);
      int step = int(i - outer * size[d].d);
      for (int m = 0; m < M; m++) place[m] += step * stride[m][d];
      i = outer;
    }
    for (int m = 0; m < M; m++) place[m] += int(i) * stride[m][last];
  }
};

inline __device__ int at(const Nest<1>& nest, unsigned i) {
  int place[1];
  nest.at(i, place);
  return place[0];
}

// Four neighbours, loaded and stored at once where they lie at a multiple of their size, or of 16.
template <class T>
struct alignas(sizeof(T) < 4 ? 4 * sizeof(T) : 16) Four {
  T v[4];
};

// Elements i to i + 3 of n, those beyond the end being any. Wide: x is aligned to 16 bytes.
template <class T>
__device__ Four<T> loadFour(const T* x, unsigned i, unsigned n, bool wide = true) {
  if (wide && i + 4 <= n) return *(const Four<T>*)(x + i);
  Four<T> four;
  for (int k = 0; k < 4; k++) four.v[k] = x[i + k < n ? i + k : i];
  return four;
}
template <class T>
__device__ void storeFour(T* y, unsigned i, unsigned n, const Four<T>& four, bool wide = true) {
  if (wide && i + 4 <= n) {
    *(Four<T>*)(y + i) = four;
  } else {
    for (int k = 0; k < 4; k++)
      if (i + k < n) y[i + k] = four.v[k];
  }
}

// ---- numbers ----

// The C library's functions under one name for f32 and f64.
namespace math {
inline __device__ float exp(float x) { return expf(x); }
inline __device__ double exp(double x) { return ::exp(x); }
inline __device__ float log(float x) { return logf(x); }
inline __device__ double log(double x) { return ::log(x); }
inline __device__ float sqrt(float x) { return sqrtf(x); }
inline __device__ double sqrt(double x) { return ::sqrt(x); }
inline __device__ float floor(float x) { return floorf(x); }
inline __device__ double floor(double x) { return ::floor(x); }
inline __device__ float ceil(float x) { return ceilf(x); }
inline __device__ double ceil(double x) { return ::ceil(x); }
inline __device__ float rint(float x) { return rintf(x); }
inline __device__ double rint(double x) { return ::rint(x); }
inline __device__ float abs(float x) { return fabsf(x); }
inline __device__ double abs(double x) { return fabs(x); }
}  // namespace math

template <class T>
struct Is {
  static const bool floating = false;
};
template <>
struct Is<float> {
  static const bool floating = true;
};
template <>
struct Is<double> {
  static const bool floating = true;
};

// The larger and the smaller as Java's Math has them: NaN wins, and −0 is below 0.
template <class T>
__device__ T larger(T a, T b) {
  if (Is<T>::floating && a == b && a == T(0)) return a + b;
  return a > b || a != a ? a : b;
}
template <class T>
__device__ T smaller(T a, T b) {
  if (Is<T>::floating && a == b && a == T(0)) return -(-a - b);
  return a < b || a != a ? a : b;
}

template <class T>
struct Limits;
template <>
struct Limits<float> {
  static __device__ float lowest() { return -INFINITY; }
  static __device__ float highest() { return INFINITY; }
};
template <>
struct Limits<double> {
  static __device__ double lowest() { return -INFINITY; }
  static __device__ double highest() { return INFINITY; }
};
template <>
struct Limits<int> {
  static __device__ int lowest() { return -2147483647 - 1; }
  static __device__ int highest() { return 2147483647; }
};
template <>
struct Limits<i64> {
  static __device__ i64 lowest() { return -9223372036854775807LL - 1; }
  static __device__ i64 highest() { return 9223372036854775807LL; }
};
template <>
struct Limits<u8> {
  static __device__ u8 lowest() { return 0; }
  static __device__ u8 highest() { return 255; }
};

// ---- sums ----

// A running sum with its rounding errors beside it (Knuth's TwoSum; Neumaier, 1974): one rounding in
// all, whatever the order. Without a product, nothing here can be fused.
template <class T>
struct Sum {
  T sum, error;

  static __device__ Sum zero() { return Sum{T(0), T(0)}; }
  __device__ void add(T x) {
    T s = sum + x;
    T added = s - sum;
    error += (sum - (s - added)) + (x - added);
    sum = s;
  }
  __device__ void merge(const Sum& other) {
    add(other.sum);
    error += other.error;
  }
  // An overflown sum has no error worth adding.
  __device__ T value() const { return error - error == T(0) ? sum + error : sum; }
};

// ---- lines ----

// How a block lays its threads over lines (rows to reduce, channels to sum, …): `lanes` threads, a
// power of two, share a line. With stride 1 they are neighbours, for lines that are dense in
// memory; with stride 256/lanes neighbours sit on neighbouring lines, for lines that interleave.
struct Lanes {
  int lanes, stride;

  __device__ int lane() const { return threadIdx.x / stride & (lanes - 1); }
  // Which of all lines this thread works on, the last ones being beyond the end.
  __device__ int line() const {
    int here = stride == 1 ? threadIdx.x / lanes : threadIdx.x & (stride - 1);
    return blockIdx.x * (THREADS / lanes) + here;
  }
};

// Merges a line's lanes, pair by pair in a fixed order; each lane gets the result. Every thread of the
// block must call it.
template <class S>
__device__ S mergeLanes(Lanes l, S mine) {
  __shared__ S all[THREADS];
  int t = threadIdx.x, lane = l.lane();
  all[t] = mine;
  for (int half = l.lanes / 2; half > 0; half /= 2) {
    __syncthreads();
    if (lane < half) all[t].merge(all[t + half * l.stride]);
  }
  __syncthreads();
  S merged = all[t - lane * l.stride];
  __syncthreads();
  return merged;
}

template <class T>
struct Largest {
  T value;
  __device__ void merge(const Largest& other) { value = larger(value, other.value); }
};

// ---- the last block ----

static __device__ unsigned arrived;  // blocks of the running launch; 0 again after its last one

// Whether this block is its launch's last to come here: it sees what all others wrote before they came, so it can
// add up their results, in an order of its own. Every thread of every block must call it.
static inline __device__ bool isLastBlock() {
  __shared__ bool last;
  __threadfence();
  __syncthreads();
  if (threadIdx.x == 0) last = atomicInc(&arrived, gridDim.x - 1) == gridDim.x - 1;
  __syncthreads();
  __threadfence();
  return last;
}

// ---- what is another from run to run of a captured step ----

// By value in a launch of its own; in a captured step at an address, where it is written before each run.
template <class T>
struct Live {
  T value;
  const T* at;
  __device__ T get() const { return at ? *at : value; }
};

// ---- faults that only the data can tell ----

// The first bad index, by its place. The host fills it with ones, which is "none"; the index is
// stored with its top bit flipped, so that the largest would look like none: it is stored as one less.
struct Fault {
  u64 index;
  unsigned place;
  int lock;
};

inline __device__ void report(Fault* fault, unsigned place, i64 index) {
  volatile Fault* f = fault;
  for (bool done = false; !done;) {
    if (atomicCAS(&fault->lock, -1, 0) == -1) {
      __threadfence();
      if (place < f->place) {
        f->place = place;
        f->index = u64(index - (index == Limits<i64>::highest())) ^ 0x8000000000000000ULL;
      }
      __threadfence();
      atomicExch(&fault->lock, -1);
      done = true;
    }
  }
}
