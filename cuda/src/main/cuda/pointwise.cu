// Elementwise functions of one and of two operands. Each thread takes four elements: neighbours, by one
// wide load per operand, where all operands are dense and aligned; else (_strided) elements 256
// apart, so that a warp's are neighbours, at the places that the nest says. The op is chosen once for
// the four. The numbers of the ops are the ordinals of UnaryOp and BinaryOp. Integers compute in i64
// and are narrowed, as the CPU does; 16-bit floats
// compute as float. The result may be an operand.
#include "crema.cuh"

enum Unary {
  NEG, ABS, SIGN, RECIPROCAL, SQUARE, SQRT, RSQRT, EXP, LOG, SIN, COS, TANH, SIGMOID, RELU, LEAKY_RELU, ELU, POW,
  CLAMP, FLOOR, CEIL, ROUND, NOT
};

enum Binary {
  ADD, SUB, MUL, DIV, POWER, MAX, MIN, EQ, NE, LT, LE, GT, GE, AND, OR, XOR, RELU_GRAD, TANH_GRAD, SIGMOID_GRAD
};

// ---- functions; those that are too long to stand in a kernel four times are called ----

// As Java: a NaN exponent gives NaN, and so does ±1 to an infinite one.
template <class T>
__device__ T power(T a, T b, T c) {
  return b != b || (math::abs(a) == T(1) && b - b != T(0)) ? b - b : c;
}
static __noinline__ __device__ float power(float a, float b) { return power(a, b, powf(a, b)); }
static __noinline__ __device__ double power(double a, double b) { return power(a, b, pow(a, b)); }
static __noinline__ __device__ float sine(float x) { return sinf(x); }
static __noinline__ __device__ double sine(double x) { return sin(x); }
static __noinline__ __device__ float cosine(float x) { return cosf(x); }
static __noinline__ __device__ double cosine(double x) { return cos(x); }
static __noinline__ __device__ double tangens(double x) { return tanh(x); }
static __noinline__ __device__ float tangens(float x) { return tanhf(x); }
static __noinline__ __device__ double exponential(double x) { return exp(x); }
static inline __device__ float exponential(float x) { return expf(x); }
static __noinline__ __device__ double exponentialLess1(double x) { return expm1(x); }
static __noinline__ __device__ float exponentialLess1(float x) { return expm1f(x); }
static __noinline__ __device__ double logarithm(double x) { return log(x); }
static inline __device__ float logarithm(float x) { return logf(x); }
static __noinline__ __device__ double root(double x) { return sqrt(x); }
static inline __device__ float root(float x) { return sqrtf(x); }
static __noinline__ __device__ double quotient(double a, double b) { return a / b; }
static inline __device__ float quotient(float a, float b) { return a / b; }

// ---- how the types compute ----

template <class T>
struct Type {
  typedef i64 Number;
  static __device__ i64 number(T x) { return x; }
  static __device__ T element(i64 x) { return T(x); }
};
template <>
struct Type<b8> {
  typedef i64 Number;
  static __device__ i64 number(b8 x) { return x.bit; }
  static __device__ b8 element(i64 x) { return b8{u8(x != 0)}; }
};
template <>
struct Type<float> {
  typedef float Number;
  static __device__ float number(float x) { return x; }
  static __device__ float element(float x) { return x; }
};
template <>
struct Type<double> {
  typedef double Number;
  static __device__ double number(double x) { return x; }
  static __device__ double element(double x) { return x; }
};

template <>
struct Type<f16> {
  typedef float Number;
  static __device__ float number(f16 x) { return wide(x); }
  static __device__ f16 element(float x) { return Narrow<f16>::from(x); }
};
template <>
struct Type<bf16> {
  typedef float Number;
  static __device__ float number(bf16 x) { return wide(x); }
  static __device__ bf16 element(float x) { return Narrow<bf16>::from(x); }
};

#define EACH(e)                                      \
  for (int k = 0; k < 4; k++) {                      \
    N x = x4[k];                                     \
    x4[k] = e;                                       \
  }                                                  \
  break

// N is the type that computes, a and b the op's parameters.
template <class N>
__device__ void apply(int op, N a, N b, N (&x4)[4]) {
  switch (op) {
    case RECIPROCAL: EACH(quotient(N(1), x));
    case SQRT: EACH(root(x));
    case RSQRT: EACH(quotient(N(1), root(x)));
    case EXP: EACH(exponential(x));
    case LOG: EACH(logarithm(x));
    case SIN: EACH(sine(x));
    case COS: EACH(cosine(x));
    case TANH: EACH(tangens(x));
    case SIGMOID: EACH(quotient(N(1), N(1) + exponential(-x)));
    case LEAKY_RELU: EACH(x > N(0) ? x : a * x);
    case ELU: EACH(x > N(0) ? x : a * exponentialLess1(x));
    case POW: EACH(power(x, a));
    case FLOOR: EACH(math::floor(x));
    case CEIL: EACH(math::ceil(x));
    case ROUND: EACH(math::rint(x));
    case NEG: EACH(-x);
    case ABS: EACH(math::abs(x));
    case SIGN: EACH(x > N(0) ? N(1) : x < N(0) ? N(-1) : x);
    case SQUARE: EACH(x * x);
    case RELU: EACH(larger(x, N(0)));
    case CLAMP: EACH(smaller(larger(x, a), b));
  }
}

template <>
inline __device__ void apply<i64>(int op, i64 a, i64 b, i64 (&x4)[4]) {
  typedef i64 N;
  switch (op) {
    case NEG: EACH(N(-u64(x)));
    case ABS: EACH(x < 0 ? N(-u64(x)) : x);
    case SIGN: EACH((x > 0) - (x < 0));
    case SQUARE: EACH(N(u64(x) * u64(x)));
    case RELU: EACH(larger(x, N(0)));
    case CLAMP: EACH(smaller(larger(x, a), b));
    case NOT: EACH(1 - x);
  }
}

#define PAIRS(e)                                     \
  for (int k = 0; k < 4; k++) {                      \
    N x = x4[k], y = y4[k];                          \
    x4[k] = e;                                       \
  }                                                  \
  break

template <class N>
__device__ void apply(int op, N (&x4)[4], const N (&y4)[4]) {
  switch (op) {
    case ADD: PAIRS(x + y);
    case SUB: PAIRS(x - y);
    case MUL: PAIRS(x * y);
    case DIV: PAIRS(quotient(x, y));
    case POWER: PAIRS(power(x, y));
    case MAX: PAIRS(larger(x, y));
    case MIN: PAIRS(smaller(x, y));
    case RELU_GRAD: PAIRS(y > N(0) ? x : N(0));
    case TANH_GRAD: PAIRS(x * (N(1) - y * y));
    case SIGMOID_GRAD: PAIRS(x * y * (N(1) - y));
  }
}

template <>
inline __device__ void apply<i64>(int op, i64 (&x4)[4], const i64 (&y4)[4]) {
  typedef i64 N;
  switch (op) {
    case ADD: PAIRS(N(u64(x) + u64(y)));
    case SUB: PAIRS(N(u64(x) - u64(y)));
    case MUL: PAIRS(N(u64(x) * u64(y)));
    case MAX: PAIRS(larger(x, y));
    case MIN: PAIRS(smaller(x, y));
    case AND: PAIRS(x & y);
    case OR: PAIRS(x | y);
    case XOR: PAIRS(x ^ y);
  }
}

#define TESTS(e)                                     \
  for (int k = 0; k < 4; k++) {                      \
    N x = x4[k], y = y4[k];                          \
    r4[k] = b8{u8(e)};                               \
  }                                                  \
  break

template <class N>
__device__ void compare(int op, const N (&x4)[4], const N (&y4)[4], b8 (&r4)[4]) {
  switch (op) {
    case EQ: TESTS(x == y);
    case NE: TESTS(x != y);
    case LT: TESTS(x < y);
    case LE: TESTS(x <= y);
    case GT: TESTS(x > y);
    case GE: TESTS(x >= y);
  }
}

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
