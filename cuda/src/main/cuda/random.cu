// Random numbers by the rules at dev.crema.tensor.Philox: a thread computes one block of Philox4x32-10
// (Salmon et al., 2011) and the four f32 or two f64 that come of it. Uniform and Bernoulli numbers
// have the CPU's bits, so their products and sums are kept from being fused.
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

inline __device__ float scaled(float a, float u, float width) { return __fadd_rn(a, __fmul_rn(u, width)); }
inline __device__ double scaled(double a, double u, double width) { return __dadd_rn(a, __dmul_rn(u, width)); }

inline __device__ void uniforms(const Words& words, float (&u)[4]) {
  for (int k = 0; k < 4; k++) u[k] = float(words.w[k] >> 8) * 0x1p-24f;
}
inline __device__ void uniforms(const Words& words, double (&u)[2]) {
  for (int k = 0; k < 2; k++)
    u[k] = (double(words.w[2 * k] >> 5) * 0x1p26 + double(words.w[2 * k + 1] >> 6)) * 0x1p-53;
}

// What the distribution makes of the uniform numbers of a block. `a`, `b`: its parameters; a uniform number
// is a + u·width, and at most `last`.
template <class T>
struct Draw {
  T a, b, width, last;
};

template <class T, int N>
__device__ void random(int distribution, const Draw<T>& p, double mean, double deviation, u64 seed, u64 offset,
                       unsigned n, T* y) {
  unsigned block = blockIdx.x * THREADS + threadIdx.x;
  unsigned first = block * N;
  if (first >= n) return;
  T u[N];
  uniforms(philox(seed, offset + block), u);
  if (distribution == NORMAL) {
    for (int k = 0; k < N; k += 2) {
      double r = sqrt(-2 * log(1 - double(u[k])));
      double angle = 2 * 3.14159265358979323846 * u[k + 1];
      u[k] = T(mean + deviation * (r * cos(angle)));
      u[k + 1] = T(mean + deviation * (r * sin(angle)));
    }
  } else {
    for (int k = 0; k < N; k++)
      u[k] = distribution == UNIFORM ? min(p.last, scaled(p.a, u[k], p.width)) : u[k] < p.a ? p.b : T(0);
  }
  for (int k = 0; k < N; k++)
    if (first + k < n) y[first + k] = u[k];
}

KERNEL random_f32(int distribution, Draw<float> p, double a, double b, u64 seed, u64 offset, unsigned n, float* y) {
  random<float, 4>(distribution, p, a, b, seed, offset, n, y);
}

KERNEL random_f64(int distribution, Draw<double> p, double a, double b, u64 seed, u64 offset, unsigned n, double* y) {
  random<double, 2>(distribution, p, a, b, seed, offset, n, y);
}
