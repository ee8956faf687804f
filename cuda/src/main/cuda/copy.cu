// Filling, copying, converting and choosing. Where bits are only moved, the kernel is one per size (1, 2, 4
// or 8 bytes), not per dtype. Dense and aligned operands go four neighbours to a thread; all others
// (_strided) by a nest, four elements to a thread, 256 apart. A copy that turns rows into columns (_turned) goes
// through tiles in shared memory, so that it reads and writes neighbours.
#include "crema.cuh"

// ---- fill ----

template <class T>
__device__ void fill(T value, unsigned n, T* y) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i < n) storeFour(y, i, n, Four<T>{{value, value, value, value}});
}

template <class T>
__device__ void fillStrided(T value, unsigned n, const Nest<1>& nest, T* y) {
  unsigned first = blockIdx.x * THREADS * 4 + threadIdx.x;
#pragma unroll 1
  for (unsigned k = 0; k < 4; k++) {
    unsigned i = first + k * THREADS;
    if (i < n) y[at(nest, i)] = value;
  }
}

#define FILL(bytes, T)                                                                                      \
  KERNEL fill_##bytes(i64 bits, unsigned n, T* y) { fill(T(bits), n, y); }                                  \
  KERNEL fill_strided_##bytes(i64 bits, unsigned n, Nest<1> nest, T* y) { fillStrided(T(bits), n, nest, y); }

FILL(1, u8)
FILL(2, u16)
FILL(4, int)
FILL(8, i64)

// ---- move ----

template <class T>
__device__ void moveStrided(unsigned n, const Nest<2>& nest, const T* x, T* y) {
  unsigned first = blockIdx.x * THREADS * 4 + threadIdx.x;
  T v[4];
  int to[4];
  for (int k = 0; k < 4; k++) {
    unsigned i = first + k * THREADS;
    int place[2];
    nest.at(i < n ? i : 0, place);
    to[k] = place[0];
    v[k] = x[place[1]];
  }
  for (int k = 0; k < 4; k++)
    if (first + k * THREADS < n) y[to[k]] = v[k];
}

#define MOVE(bytes, T)                                                                                    \
  KERNEL move_##bytes(unsigned n, const T* x, T* y) {                                                     \
    unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;                                                \
    if (i < n) storeFour(y, i, n, loadFour(x, i, n));                                                     \
  }                                                                                                       \
  KERNEL move_strided_##bytes(unsigned n, Nest<2> nest, const T* x, T* y) { moveStrided(n, nest, x, y); }

MOVE(1, u8)
MOVE(2, u16)
MOVE(4, int)
MOVE(8, i64)

// y[r·yRow + c] = x[c·xColumn + r] for each of the outer nest's places in both.
struct Turn {
  int rows, columns, yRow, xColumn;
};

const int SIDE = 32;

template <class T>
__device__ void moveTurned(const Turn& p, const Nest<2>& outer, const T* x, T* y) {
  __shared__ T tile[SIDE][SIDE + 1];  // one more, so that a column's elements are in different banks
  int down = (p.rows + SIDE - 1) / SIDE, across = (p.columns + SIDE - 1) / SIDE;
  int matrix = blockIdx.x / (down * across), t = blockIdx.x - matrix * (down * across);
  int row = t / across * SIDE, column = t % across * SIDE;
  int place[2];
  outer.at(matrix, place);
  x += place[1];
  y += place[0];
  int i = threadIdx.x % SIDE, j = threadIdx.x / SIDE;
  for (int k = j; k < SIDE; k += THREADS / SIDE)
    if (row + i < p.rows && column + k < p.columns) tile[k][i] = x[(column + k) * p.xColumn + row + i];
  __syncthreads();
  for (int k = j; k < SIDE; k += THREADS / SIDE)
    if (row + k < p.rows && column + i < p.columns) y[(row + k) * p.yRow + column + i] = tile[i][k];
}

KERNEL move_turned_1(Turn p, Nest<2> outer, const u8* x, u8* y) { moveTurned(p, outer, x, y); }
KERNEL move_turned_2(Turn p, Nest<2> outer, const u16* x, u16* y) { moveTurned(p, outer, x, y); }
KERNEL move_turned_4(Turn p, Nest<2> outer, const int* x, int* y) { moveTurned(p, outer, x, y); }
KERNEL move_turned_8(Turn p, Nest<2> outer, const i64* x, i64* y) { moveTurned(p, outer, x, y); }

// ---- convert: Java's narrowing; 16-bit floats from and to f32 only, others go by way of that ----

inline __device__ i64 number(int x) { return x; }
inline __device__ i64 number(i64 x) { return x; }
inline __device__ i64 number(u8 x) { return x; }
inline __device__ i64 number(b8 x) { return x.bit; }
inline __device__ float number(float x) { return x; }
inline __device__ double number(double x) { return x; }
inline __device__ float number(f16 x) { return wide(x); }
inline __device__ float number(bf16 x) { return wide(x); }

// Towards zero, NaN to 0, and what is too large to the nearest there is.
template <class I, class F>
__device__ I whole(F x) {
  const F end = sizeof(I) == 4 ? F(2147483648.0) : F(9223372036854775808.0);
  return x != x ? I(0) : x >= end ? Limits<I>::highest() : x < -end ? Limits<I>::lowest() : I(x);
}

template <class To>
struct Convert {  // the floating types
  template <class N>
  static __device__ To from(N x) {
    return To(x);
  }
};
template <>
struct Convert<f16> : Narrow<f16> {};
template <>
struct Convert<bf16> : Narrow<bf16> {};
template <>
struct Convert<int> {
  static __device__ int from(i64 x) { return int(x); }
  static __device__ int from(float x) { return whole<int>(x); }
  static __device__ int from(double x) { return whole<int>(x); }
};
template <>
struct Convert<i64> {
  static __device__ i64 from(i64 x) { return x; }
  static __device__ i64 from(float x) { return whole<i64>(x); }
  static __device__ i64 from(double x) { return whole<i64>(x); }
};
template <>
struct Convert<u8> {
  template <class N>
  static __device__ u8 from(N x) {
    return u8(Convert<int>::from(x));
  }
};
template <>
struct Convert<b8> {
  template <class N>
  static __device__ b8 from(N x) {
    return b8{u8(x != N(0))};
  }
};

template <class X, class Y>
__device__ void convert(unsigned n, const X* x, Y* y) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i < n) {
    Four<X> from = loadFour(x, i, n);
    Four<Y> to;
    for (int k = 0; k < 4; k++) to.v[k] = Convert<Y>::from(number(from.v[k]));
    storeFour(y, i, n, to);
  }
}

template <class X, class Y>
__device__ void convertStrided(unsigned n, const Nest<2>& nest, const X* x, Y* y) {
  unsigned first = blockIdx.x * THREADS * 4 + threadIdx.x;
#pragma unroll 1
  for (unsigned k = 0; k < 4; k++) {
    unsigned i = first + k * THREADS;
    if (i < n) {
      int place[2];
      nest.at(i, place);
      y[place[0]] = Convert<Y>::from(number(x[place[1]]));
    }
  }
}

#define CONVERT(from, X, to, Y)                                                         \
  KERNEL convert_##from##_##to(unsigned n, const X* x, Y* y) { convert(n, x, y); }      \
  KERNEL convert_strided_##from##_##to(unsigned n, Nest<2> nest, const X* x, Y* y) {    \
    convertStrided(n, nest, x, y);                                                      \
  }

CONVERT(f32, float, f64, double)
CONVERT(f32, float, f16, f16)
CONVERT(f32, float, bf16, bf16)
CONVERT(f32, float, i32, int)
CONVERT(f32, float, i64, i64)
CONVERT(f32, float, u8, u8)
CONVERT(f32, float, bool, b8)
CONVERT(f64, double, f32, float)
CONVERT(f64, double, i32, int)
CONVERT(f64, double, i64, i64)
CONVERT(f64, double, u8, u8)
CONVERT(f64, double, bool, b8)
CONVERT(f16, f16, f32, float)
CONVERT(bf16, bf16, f32, float)
CONVERT(i32, int, f32, float)
CONVERT(i32, int, f64, double)
CONVERT(i32, int, i64, i64)
CONVERT(i32, int, u8, u8)
CONVERT(i32, int, bool, b8)
CONVERT(i64, i64, f32, float)
CONVERT(i64, i64, f64, double)
CONVERT(i64, i64, i32, int)
CONVERT(i64, i64, u8, u8)
CONVERT(i64, i64, bool, b8)
CONVERT(u8, u8, f32, float)
CONVERT(u8, u8, f64, double)
CONVERT(u8, u8, i32, int)
CONVERT(u8, u8, i64, i64)
CONVERT(u8, u8, bool, b8)
CONVERT(bool, b8, f32, float)
CONVERT(bool, b8, f64, double)
CONVERT(bool, b8, i32, int)
CONVERT(bool, b8, i64, i64)
CONVERT(bool, b8, u8, u8)

// ---- choose ----

template <class T>
__device__ void where(unsigned n, const b8* condition, const T* a, const T* b, T* y) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i < n) {
    Four<b8> which = loadFour(condition, i, n);
    Four<T> left = loadFour(a, i, n), right = loadFour(b, i, n);
    for (int k = 0; k < 4; k++) left.v[k] = which.v[k].bit ? left.v[k] : right.v[k];
    storeFour(y, i, n, left);
  }
}

template <class T>
__device__ void whereStrided(unsigned n, const Nest<4>& nest, const b8* condition, const T* a, const T* b, T* y) {
  unsigned first = blockIdx.x * THREADS * 4 + threadIdx.x;
#pragma unroll 1
  for (unsigned k = 0; k < 4; k++) {
    unsigned i = first + k * THREADS;
    if (i < n) {
      int place[4];
      nest.at(i, place);
      y[place[0]] = condition[place[1]].bit ? a[place[2]] : b[place[3]];
    }
  }
}

#define WHERE(bytes, T)                                                                                         \
  KERNEL where_##bytes(unsigned n, const b8* condition, const T* a, const T* b, T* y) {                         \
    where(n, condition, a, b, y);                                                                               \
  }                                                                                                             \
  KERNEL where_strided_##bytes(unsigned n, Nest<4> nest, const b8* condition, const T* a, const T* b, T* y) {   \
    whereStrided(n, nest, condition, a, b, y);                                                                  \
  }

WHERE(1, u8)
WHERE(2, u16)
WHERE(4, int)
WHERE(8, i64)
