// Random numbers by the rules at dev.crema.tensor.Philox: a thread computes one block of Philox4x32-10
// (Salmon et al., 2011) and the four f32 or two f64 that come of it. All have the CPU's bits: make-ptx has this file's
// products and sums rounded one by one, and logarithm, sine and cosine are those of Java's StrictMath.
#include "crema.cuh"

enum Distribution { UNIFORM, NORMAL, BERNOULLI };

struct Words {
  unsigned w[4];
};

static __device__ Words philox(u64 seed, u64 counter) {
  unsigned c0 = unsigned(counter), c1 = unsigned(counter >> 32), c2 = 0, c3 = 0;
  unsigned k0 = unsigned(seed), k1 = unsigned(seed >> 32);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    u64 p0 = u64(0xD2511F53u) * c0, p1 = u64(0xCD9E8D57u) * c2;
    c0 = unsigned(p1 >> 32) ^ c1 ^ k0;
    c1 = unsigned(p1);
    c2 = unsigned(p0 >> 32) ^ c3 ^ k1;
    c3 = unsigned(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return Words{{c0, c1, c2, c3}};
}

inline __device__ void uniforms(const Words& words, float (&u)[4]) {
  for (int k = 0; k < 4; k++) u[k] = float(words.w[k] >> 8) * 0x1p-24f;
}
inline __device__ void uniforms(const Words& words, double (&u)[2]) {
  for (int k = 0; k < 2; k++)
    u[k] = (double(words.w[2 * k] >> 5) * 0x1p26 + double(words.w[2 * k + 1] >> 6)) * 0x1p-53;
}

// ---- logarithm, sine and cosine, operation by operation as the library that defines StrictMath ----
// Their formulas and constants are those of fdlibm 5.3 (Sun Microsystems, 1993): e_log, e_rem_pio2, k_sin and k_cos,
// for the arguments that come up here.

static __device__ int highWord(double x) { return int(__double_as_longlong(x) >> 32); }
static __device__ double fromWords(int high, i64 low) {
  return __longlong_as_double(i64(u64(high) << 32) | (low & 0xFFFFFFFFLL));
}

// ln x for a normal x above 0. With x = 2^k·(1 + f) and s = f / (2 + f), ln(1 + f) = f − s·(f − R(s²)).
static __device__ double strictLog(double x) {
  const double ln2High = 6.93147180369123816490e-01, ln2Low = 1.90821492927058770002e-10;
  int bits = highWord(x), mantissa = bits & 0xFFFFF;
  int up = (mantissa + 0x95F64) & 0x100000;  // halves x where it is above √2
  double k = (bits >> 20) - 1023 + (up >> 20);
  double f = fromWords(mantissa | (up ^ 0x3FF00000), __double_as_longlong(x)) - 1.0;
  if ((0xFFFFF & (2 + mantissa)) < 3) {  // |f| is below 2^−20
    if (f == 0) return k == 0 ? 0 : k * ln2High + k * ln2Low;
    double r = f * f * (0.5 - 0.33333333333333333 * f);
    return k == 0 ? f - r : k * ln2High - ((r - k * ln2Low) - f);
  }
  double s = f / (2.0 + f), z = s * s, w = z * z;
  double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  double odd = z * (6.666666666666735130e-01 +
                    w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  double r = odd + even;
  if (((mantissa - 0x6147A) | (0x6B851 - mantissa)) > 0) {
    double half = 0.5 * f * f;
    return k == 0 ? f - (half - s * (half + r)) : k * ln2High - ((half - (s * (half + r) + k * ln2Low)) - f);
  }
  return k == 0 ? f - s * (f - r) : k * ln2High - ((s * (f - r) - k * ln2Low) - f);
}

// The sine of x + tail, |x| at most π/4.
static __device__ double sineNear0(double x, double tail, bool hasTail) {
  const double s1 = -1.66666666666666324348e-01;
  if (fabs(x) < 0x1p-27) return x;
  double z = x * x, v = z * x;
  double r = 8.33333333332248946124e-03 +
             z * (-1.98412698298579493134e-04 +
                  z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
  return hasTail ? x - ((z * (0.5 * tail - v * r) - tail) - v * s1) : x + v * (s1 + z * r);
}

// The cosine of x + tail, |x| at most π/4.
static __device__ double cosineNear0(double x, double tail) {
  int high = highWord(x) & 0x7FFFFFFF;
  if (high < 0x3E400000) return 1;
  double z = x * x;
  double r = z * (4.16666666666666019037e-02 +
                  z * (-1.38888888888741095749e-03 +
                       z * (2.48015872894767294178e-05 +
                            z * (-2.75573143513906633035e-07 +
                                 z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
  if (high < 0x3FD33333) return 1 - (0.5 * z - (z * r - x * tail));
  double quarter = high > 0x3FE90000 ? 0.28125 : fromWords(high - 0x00200000, 0);  // about x / 4
  double half = 0.5 * z - quarter;
  return (1 - quarter) - (half - (z * r - x * tail));
}

// An angle from 0 to 2π less the nearest multiple of π/2, in two parts, and which multiple that was.
struct Turned {
  double x, tail;
  int quarter;
};

static __device__ int exponent(double x) { return highWord(x) >> 20 & 0x7FF; }

static __device__ Turned turned(double x) {
  // π/2 in parts of 33 bits, each with what is left after it.
  const double part1 = 1.57079632673412561417e+00, rest1 = 6.07710050650619224932e-11;
  const double part2 = 6.07710050630396597660e-11, rest2 = 2.02226624879595063154e-21;
  const double part3 = 2.02226624871116645580e-21, rest3 = 8.47842766036889956997e-32;
  int high = highWord(x);
  if (high <= 0x3FE921FB) return Turned{x, 0, 0};
  if (high < 0x4002D97C) {  // below 3π/4
    bool near = high == 0x3FF921FB;
    double z = near ? x - part1 - part2 : x - part1, rest = near ? rest2 : rest1;
    double y = z - rest;
    return Turned{y, (z - y) - rest, 1};
  }
  int n = int(x * 6.36619772367581382433e-01 + 0.5);
  double fn = n, r = x - fn * part1, w = fn * rest1, y = r - w;
  int multiple = n == 2 ? 0x400921FB : n == 3 ? 0x4012D97C : 0x401921FB;
  if (high == multiple && exponent(x) - exponent(y) > 16) {
    double t = r;
    w = fn * part2;
    r = t - w;
    w = fn * rest2 - ((t - r) - w);
    y = r - w;
    if (exponent(x) - exponent(y) > 49) {
      t = r;
      w = fn * part3;
      r = t - w;
      w = fn * rest3 - ((t - r) - w);
      y = r - w;
    }
  }
  return Turned{y, (r - y) - w, n};
}

struct Circle {
  double cosine, sine;
};

static __device__ Circle strictCircle(double angle) {
  Turned t = turned(angle);
  double c = cosineNear0(t.x, t.tail), s = sineNear0(t.x, t.tail, highWord(angle) > 0x3FE921FB);
  switch (t.quarter & 3) {
    case 0: return Circle{c, s};
    case 1: return Circle{-s, c};
    case 2: return Circle{-c, -s};
    default: return Circle{s, -c};
  }
}

// ---- draws ----

// What the distribution makes of the uniform numbers of a block. `a`, `b`: its parameters; a uniform number
// is a + u·width, and at most `last`.
template <class T>
struct Draw {
  T a, b, width, last;
};

template <class T, int N>
__device__ void random(int distribution, const Draw<T>& p, double mean, double deviation, u64 seed, Live<u64> offset,
                       unsigned n, T* y) {
  unsigned block = blockIdx.x * THREADS + threadIdx.x;
  unsigned first = block * N;
  if (first >= n) return;
  T u[N];
  uniforms(philox(seed, offset.get() + block), u);
  if (distribution == NORMAL) {
    for (int k = 0; k < N; k += 2) {
      double r = sqrt(-2 * strictLog(1 - double(u[k])));
      Circle at = strictCircle(2 * 3.14159265358979323846 * u[k + 1]);
      u[k] = T(mean + deviation * (r * at.cosine));
      u[k + 1] = T(mean + deviation * (r * at.sine));
    }
  } else {
    for (int k = 0; k < N; k++)
      u[k] = distribution == UNIFORM ? min(p.last, p.a + u[k] * p.width) : u[k] < p.a ? p.b : T(0);
  }
  for (int k = 0; k < N; k++)
    if (first + k < n) y[first + k] = u[k];
}

KERNEL random_f32(int distribution, Draw<float> p, double a, double b, u64 seed, Live<u64> offset, unsigned n,
                  float* y) {
  random<float, 4>(distribution, p, a, b, seed, offset, n, y);
}

KERNEL random_f64(int distribution, Draw<double> p, double a, double b, u64 seed, Live<u64> offset, unsigned n,
                  double* y) {
  random<double, 2>(distribution, p, a, b, seed, offset, n, y);
}
