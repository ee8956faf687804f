// Optimizer steps, many parameters in one launch. The addresses of up to 64 parameters p, their gradients g and
// their states m and v come by value. A block does 4096 elements of one parameter: which one, it finds by the
// numbers of the parameters' first blocks. Each element is read and written once. A step with `skip` changes nothing where
// that is not 0 when it runs.
#include "crema.cuh"

const int PARAMETERS = 64;
const int PER_BLOCK = 16 * THREADS;

struct Addresses {
  u64 p[PARAMETERS], g[PARAMETERS], m[PARAMETERS], v[PARAMETERS];
};

struct Sizes {
  int count;
  unsigned size[PARAMETERS], firstBlock[PARAMETERS];
};

// Applies f(p, g, m, v) to each element of the block's; M, V: whether there is such a state.
template <class T, bool M, bool V, class F>
__device__ void update(const Addresses& at, const Sizes& sizes, const F& f) {
  int low = 0;
  for (int high = sizes.count; high - low > 1;) {
    int middle = (low + high) / 2;
    if (sizes.firstBlock[middle] <= blockIdx.x) {
      low = middle;
    } else {
      high = middle;
    }
  }
  T *p = (T*)at.p[low], *g = (T*)at.g[low], *m = (T*)at.m[low], *v = (T*)at.v[low];
  bool wide = ((at.p[low] | at.g[low] | at.m[low] | at.v[low]) & 15) == 0;
  unsigned n = sizes.size[low], first = (blockIdx.x - sizes.firstBlock[low]) * PER_BLOCK;
#pragma unroll 1
  for (unsigned i = first + threadIdx.x * 4; i < min(n, first + PER_BLOCK); i += 4 * THREADS) {
    Four<T> p4 = loadFour(p, i, n, wide), g4 = loadFour(g, i, n, wide), m4 = {}, v4 = {};
    if (M) m4 = loadFour(m, i, n, wide);
    if (V) v4 = loadFour(v, i, n, wide);
    for (int k = 0; k < 4; k++) f.step(p4.v[k], g4.v[k], m4.v[k], v4.v[k]);
    storeFour(p, i, n, p4, wide);
    if (M) storeFour(m, i, n, m4, wide);
    if (V) storeFour(v, i, n, v4, wide);
  }
}

// The settings of a step, as the host has them. first: not 0 where there is no momentum yet. decay: 1 − lr·weightDecay
// where that is decoupled, else 1. rate: lr / (1 − β1^t). root: √(1 − β2^t).
struct SgdSettings {
  double lr, weightDecay, momentum, dampening, first;
};
struct AdamSettings {
  double decay, weightDecay, beta1, beta2, rate, root, eps;
};
struct RmspropSettings {
  double lr, alpha, eps, weightDecay, momentum;
};

template <class T, bool MOMENTUM>
struct Sgd {
  T lr, weightDecay, momentum, rest;
  int nesterov, first;

  __device__ Sgd(const SgdSettings& s, int nesterov)
      : lr(s.lr), weightDecay(s.weightDecay), momentum(s.momentum), rest(T(1) - T(s.dampening)),
        nesterov(nesterov), first(s.first != 0) {}

  __device__ void step(T& p, T g, T& m, T&) const {
    g += weightDecay * p;
    if (MOMENTUM) {
      m = first ? g : momentum * m + rest * g;
      g = nesterov ? g + momentum * m : m;
    }
    p -= lr * g;
  }
};

template <class T>
struct Adam {
  T decay, weightDecay, beta1, rest1, beta2, rest2, rate, root, eps;

  __device__ explicit Adam(const AdamSettings& s)
      : decay(s.decay), weightDecay(s.weightDecay), beta1(s.beta1), rest1(1 - s.beta1), beta2(s.beta2),
        rest2(1 - s.beta2), rate(s.rate), root(s.root), eps(s.eps) {}

  __device__ void step(T& p, T g, T& m, T& v) const {
    T q = p * decay;
    g += weightDecay * q;
    m = beta1 * m + rest1 * g;
    v = beta2 * v + rest2 * g * g;
    p = q - rate * m / (math::sqrt(v) / root + eps);
  }
};

template <class T, bool MOMENTUM>
struct Rmsprop {
  T lr, alpha, rest, eps, weightDecay, momentum;

  __device__ explicit Rmsprop(const RmspropSettings& s)
      : lr(s.lr), alpha(s.alpha), rest(1 - s.alpha), eps(s.eps), weightDecay(s.weightDecay), momentum(s.momentum) {}

  __device__ void step(T& p, T g, T& m, T& v) const {
    g += weightDecay * p;
    v = alpha * v + rest * g * g;
    g /= math::sqrt(v) + eps;
    if (MOMENTUM) {
      m = momentum * m + g;
      g = m;
    }
    p -= lr * g;
  }
};

// A gradient p times a factor; found: whether an element was infinite or NaN. Whoever finds one writes the same.
template <class T>
struct Unscale {
  T factor;
  float* found;

  __device__ void step(T& p, T, T&, T&) const {
    if (p - p != T(0)) *found = 1;
    p *= factor;
  }
};

#define STEP(name, T)                                                                                                \
  KERNEL sgd_##name(Addresses at, Sizes sizes, const float* skip, Live<SgdSettings> settings) {                      \
    if (skip && *skip != 0) return;                                                                                  \
    update<T, false, false>(at, sizes, Sgd<T, false>(settings.get(), 0));                                            \
  }                                                                                                                  \
  KERNEL sgd_momentum_##name(Addresses at, Sizes sizes, const float* skip, Live<SgdSettings> settings,               \
                             int nesterov) {                                                                         \
    if (skip && *skip != 0) return;                                                                                  \
    update<T, true, false>(at, sizes, Sgd<T, true>(settings.get(), nesterov));                                       \
  }                                                                                                                  \
  KERNEL adam_##name(Addresses at, Sizes sizes, const float* skip, Live<AdamSettings> settings) {                    \
    if (skip && *skip != 0) return;                                                                                  \
    update<T, true, true>(at, sizes, Adam<T>(settings.get()));                                                       \
  }                                                                                                                  \
  KERNEL rmsprop_##name(Addresses at, Sizes sizes, const float* skip, Live<RmspropSettings> settings) {              \
    if (skip && *skip != 0) return;                                                                                  \
    update<T, false, true>(at, sizes, Rmsprop<T, false>(settings.get()));                                            \
  }                                                                                                                  \
  KERNEL rmsprop_momentum_##name(Addresses at, Sizes sizes, const float* skip, Live<RmspropSettings> settings) {     \
    if (skip && *skip != 0) return;                                                                                  \
    update<T, true, true>(at, sizes, Rmsprop<T, true>(settings.get()));                                              \
  }                                                                                                                  \
  KERNEL unscale_##name(Addresses at, Sizes sizes, const float* factor, float* found) {                              \
    update<T, false, false>(at, sizes, Unscale<T>{T(*factor), found});                                               \
  }

STEP(f32, float)
STEP(f64, double)
