// Elementwise functions of one and of two operands. Each thread takes four elements: neighbours, by one
// wide load per operand, where all operands are dense and aligned; else (_strided) elements 256
// apart, so that a warp's are neighbours, at the places that the nest says. The result may be an operand.
#include "crema.cuh"
#include "elementwise.cuh"

// ---- one operand ----

template <class T>
__device__ void unary4(int op, typename Type<T>::Number a, typename Type<T>::Number b, T (&v)[4]) {
  typename Type<T>::Number x[4];
  for (int k = 0; k < 4; k++) x[k] = Type<T>::number(v[k]);
  apply(op, a, b, x);
  for (int k = 0; k < 4; k++) v[k] = Type<T>::element(x[k]);
}

template <class T, class P>
__device__ void unary(int op, P a, P b, unsigned n, const T* x, T* y) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i < n) {
    Four<T> four = loadFour(x, i, n);
    unary4<T>(op, a, b, four.v);
    storeFour(y, i, n, four);
  }
}

template <class T, class P>
__device__ void unaryStrided(int op, P a, P b, unsigned n, const Nest<2>& nest, const T* x, T* y) {
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
  unary4<T>(op, a, b, v);
  for (int k = 0; k < 4; k++)
    if (first + k * THREADS < n) y[to[k]] = v[k];
}

#define UNARY(name, T, P)                                                                                           \
  KERNEL unary_##name(int op, P a, P b, unsigned n, const T* x, T* y) { unary(op, a, b, n, x, y); }                  \
  KERNEL unary_strided_##name(int op, P a, P b, unsigned n, Nest<2> nest, const T* x, T* y) {                        \
    unaryStrided(op, a, b, n, nest, x, y);                                                                           \
  }

UNARY(f32, float, double)
UNARY(f64, double, double)
UNARY(f16, f16, double)
UNARY(bf16, bf16, double)
UNARY(i32, int, i64)
UNARY(i64, i64, i64)
UNARY(u8, u8, i64)
UNARY(bool, b8, i64)

// ---- two operands ----

template <class T>
struct Arithmetic {
  typedef T Result;
  static __device__ void run(int op, const T (&a)[4], const T (&b)[4], T (&r)[4]) {
    typename Type<T>::Number x[4], y[4];
    for (int k = 0; k < 4; k++) {
      x[k] = Type<T>::number(a[k]);
      y[k] = Type<T>::number(b[k]);
    }
    apply(op, x, y);
    for (int k = 0; k < 4; k++) r[k] = Type<T>::element(x[k]);
  }
};

template <class T>
struct Comparison {
  typedef b8 Result;
  static __device__ void run(int op, const T (&a)[4], const T (&b)[4], b8 (&r)[4]) {
    typename Type<T>::Number x[4], y[4];
    for (int k = 0; k < 4; k++) {
      x[k] = Type<T>::number(a[k]);
      y[k] = Type<T>::number(b[k]);
    }
    compare(op, x, y, r);
  }
};

template <class F, class T>
__device__ void binary(int op, unsigned n, const T* a, const T* b, typename F::Result* y) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i < n) {
    Four<T> left = loadFour(a, i, n), right = loadFour(b, i, n);
    Four<typename F::Result> four;
    F::run(op, left.v, right.v, four.v);
    storeFour(y, i, n, four);
  }
}

template <class F, class T>
__device__ void binaryStrided(int op, unsigned n, const Nest<3>& nest, const T* a, const T* b, typename F::Result* y) {
  unsigned first = blockIdx.x * THREADS * 4 + threadIdx.x;
  T left[4], right[4];
  typename F::Result r[4];
  int to[4];
  for (int k = 0; k < 4; k++) {
    unsigned i = first + k * THREADS;
    int place[3];
    nest.at(i < n ? i : 0, place);
    to[k] = place[0];
    left[k] = a[place[1]];
    right[k] = b[place[2]];
  }
  F::run(op, left, right, r);
  for (int k = 0; k < 4; k++)
    if (first + k * THREADS < n) y[to[k]] = r[k];
}

#define BINARY(name, T)                                                                               \
  KERNEL binary_##name(int op, unsigned n, const T* a, const T* b, T* y) {                            \
    binary<Arithmetic<T>>(op, n, a, b, y);                                                            \
  }                                                                                                   \
  KERNEL binary_strided_##name(int op, unsigned n, Nest<3> nest, const T* a, const T* b, T* y) {      \
    binaryStrided<Arithmetic<T>>(op, n, nest, a, b, y);                                               \
  }                                                                                                   \
  KERNEL compare_##name(int op, unsigned n, const T* a, const T* b, b8* y) {                          \
    binary<Comparison<T>>(op, n, a, b, y);                                                            \
  }                                                                                                   \
  KERNEL compare_strided_##name(int op, unsigned n, Nest<3> nest, const T* a, const T* b, b8* y) {    \
    binaryStrided<Comparison<T>>(op, n, nest, a, b, y);                                               \
  }

BINARY(f32, float)
BINARY(f64, double)
BINARY(f16, f16)
BINARY(bf16, bf16)
BINARY(i32, int)
BINARY(i64, i64)
BINARY(u8, u8)
BINARY(bool, b8)
