// The functions of one and of two elements, for the kernels of one op (pointwise.cu) and of several (chain.cu). The
// op is chosen once for the four elements of a thread. The numbers of the ops are the ordinals of UnaryOp and BinaryOp.
// Integers compute in i64 and are narrowed, as the CPU does; 16-bit floats compute as float.
#pragma once
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
