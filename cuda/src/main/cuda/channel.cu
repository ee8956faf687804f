// Work per channel of [n, c, inner]: batch norm, and a bias with an activation. A channel's `count` = n·inner
// elements are a line, which is cut into segments where there are too few channels to fill a GPU: line
// s·c + k is segment s of channel k. Each line leaves its part, and the last block merges a channel's parts. The
// elementwise kernels take four neighbours to a thread, by one wide load where they are aligned.
#include "crema.cuh"

struct Channels {
  Divisor c, inner;
  int count, segment, lines;

  __device__ int channel(unsigned i) const {
    unsigned outer = inner.quotient(i);
    return int(outer - c.quotient(outer) * c.d);
  }
};

// One thread's share of a line.
struct Walk {
  int channel;
  unsigned next, end;

  __device__ Walk(Lanes lanes, const Channels& p) {
    int line = lanes.line(), c = int(p.c.d), s = line / c;
    channel = line < p.lines ? line - s * c : 0;
    unsigned first = unsigned(s) * p.segment;
    next = first + lanes.lane();
    end = line < p.lines ? min(first + p.segment, unsigned(p.count)) : 0;
  }
  // Where element e of the channel lies.
  __device__ int at(const Channels& p, unsigned e) const {
    unsigned n = p.inner.quotient(e);
    return int((n * p.c.d + channel) * p.inner.d + (e - n * p.inner.d));
  }
};

// Leaves this thread's line's part, merged over its lanes. In the last block, which alone goes on, merges each channel's
// parts, in order, and hands them to done(channel, merged). Every thread of every block must call it.
template <class S, class F>
__device__ void finish(Lanes lanes, const Channels& p, S mine, S none, S* parts, F done) {
  mine = mergeLanes(lanes, mine);
  int line = lanes.line(), c = int(p.c.d);
  if (line < p.lines && lanes.lane() == 0) parts[line] = mine;
  if (!isLastBlock()) return;
  int share = 1;
  while (2 * share * c <= THREADS) share *= 2;
  Lanes across = {share, THREADS / share};
#pragma unroll 1
  for (unsigned first = 0; first < p.c.d; first += across.stride) {
    unsigned k = first + (threadIdx.x & (across.stride - 1));
    S all = none;
    for (unsigned at = across.lane() * c + k; k < p.c.d && at < unsigned(p.lines); at += share * c) all.merge(parts[at]);
    all = mergeLanes(across, all);
    if (k < p.c.d && across.lane() == 0) done(int(k), all);
  }
}

// ---- mean and variance ----

// How many elements, their mean, and the sum of their squared distances from it. Two of them make one (Chan,
// Golub and LeVeque, 1979), and nothing cancels, however far from 0 the mean is.
template <class T>
struct Moments {
  int count;
  T mean, squares;

  __device__ void merge(const Moments& other) {
    if (other.count == 0) return;
    int both = count + other.count;
    T apart = other.mean - mean, share = T(other.count) / T(both);
    mean += apart * share;
    squares += other.squares + apart * apart * share * T(count);
    count = both;
  }
};

// Running statistics, null where there are none, and how far they move towards a batch's.
template <class T>
struct Running {
  T *mean, *var;
  T momentum;

  __device__ void move(T* running, int c, T batch) const {
    running[c] = (T(1) - momentum) * running[c] + momentum * batch;
  }
};

// A thread takes eight elements at a time, whose own moments it has in registers.
template <class T>
__device__ void moments(Lanes lanes, const Channels& p, T eps, const T* x, T* mean, T* invstd,
                        const Running<T>& running, Moments<T>* parts) {
  Walk walk(lanes, p);
  Moments<T> mine = {0, T(0), T(0)};
  for (unsigned e = walk.next; e < walk.end; e += 8 * lanes.lanes) {
    T v[8];
    T sum = T(0);
    int count = 0;
    for (int k = 0; k < 8; k++) {
      unsigned at = e + k * lanes.lanes;
      bool inside = at < walk.end;
      v[k] = inside ? x[walk.at(p, at)] : T(0);
      sum += v[k];
      count += inside;
    }
    Moments<T> eight = {count, sum / T(count), T(0)};
    for (int k = 0; k < 8; k++) {
      T centred = k < count ? v[k] - eight.mean : T(0);
      eight.squares += centred * centred;
    }
    mine.merge(eight);
  }
  finish(lanes, p, mine, Moments<T>{0, T(0), T(0)}, parts, [&](int c, const Moments<T>& all) {
    mean[c] = all.mean;
    invstd[c] = T(1) / math::sqrt(all.squares / T(p.count) + eps);
    if (running.mean) {
      running.move(running.mean, c, all.mean);
      running.move(running.var, c, all.squares / T(p.count - 1));
    }
  });
}

// ---- batch norm ----

// A null weight is 1, a null bias 0.
template <class T>
__device__ void normalise(unsigned n, const Channels& p, int wide, int relu, const T* x, const T* mean, const T* invstd,
                          const T* weight, const T* bias, T* y) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i >= n) return;
  Four<T> four = loadFour(x, i, n, wide);
  for (int k = 0; k < 4; k++) {
    int c = p.channel(i + k);
    T scale = weight ? invstd[c] * weight[c] : invstd[c];
    T v = (four.v[k] - mean[c]) * scale + (bias ? bias[c] : T(0));
    four.v[k] = relu ? larger(v, T(0)) : v;
  }
  storeFour(y, i, n, four, wide);
}

template <class T>
struct Two {
  Sum<T> a, b;
  __device__ void merge(const Two& other) {
    a.merge(other.a);
    b.merge(other.b);
  }
};

// gb = Σ g and gw = Σ g·x̂, with g = gy, or 0 where there is a ReLU's y that is not above 0.
template <class T>
__device__ void gradientSums(Lanes lanes, const Channels& p, const T* gy, const T* y, const T* x, const T* mean,
                             const T* invstd, T* gb, T* gw, Two<T>* parts) {
  Walk walk(lanes, p);
  T centre = mean[walk.channel], scale = invstd[walk.channel];
  Two<T> mine = {Sum<T>::zero(), Sum<T>::zero()};
#pragma unroll 4
  for (unsigned e = walk.next; e < walk.end; e += lanes.lanes) {
    int at = walk.at(p, e);
    T g = !y || y[at] > T(0) ? gy[at] : T(0);
    mine.a.add(g);
    mine.b.add(g * ((x[at] - centre) * scale));
  }
  finish(lanes, p, mine, Two<T>{Sum<T>::zero(), Sum<T>::zero()}, parts, [&](int c, const Two<T>& all) {
    gb[c] = all.a.value();
    gw[c] = all.b.value();
  });
}

template <class T>
__device__ void normaliseBackward(unsigned n, const Channels& p, int wide, const T* gy, const T* y, const T* x,
                                  const T* mean, const T* invstd, const T* weight, const T* gw, const T* gb, T* gx) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i >= n) return;
  Four<T> g = loadFour(gy, i, n, wide), from = loadFour(x, i, n, wide), result = {};
  if (y) result = loadFour(y, i, n, wide);
  for (int k = 0; k < 4; k++) {
    int c = p.channel(i + k);
    T xHat = (from.v[k] - mean[c]) * invstd[c];
    T upper = !y || result.v[k] > T(0) ? g.v[k] : T(0);
    T centred = upper - gb[c] / T(p.count) - xHat * (gw[c] / T(p.count));
    g.v[k] = centred * invstd[c] * (weight ? weight[c] : T(1));
  }
  storeFour(gx, i, n, g, wide);
}

// ---- bias and activation ----

// y = max(0, y + bias), or without the one or the other.
template <class T>
__device__ void biasActivation(unsigned n, const Channels& p, int wide, int relu, const T* bias, T* y) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i >= n) return;
  Four<T> four = loadFour(y, i, n, wide);
  for (int k = 0; k < 4; k++) {
    T v = bias ? four.v[k] + bias[p.channel(i + k)] : four.v[k];
    four.v[k] = relu ? larger(v, T(0)) : v;
  }
  storeFour(y, i, n, four, wide);
}

// gx, and gb = Σ gx.
template <class T>
__device__ void biasReluBackward(Lanes lanes, const Channels& p, const T* gy, const T* y, T* gx, T* gb, Sum<T>* parts) {
  Walk walk(lanes, p);
  Sum<T> mine = Sum<T>::zero();
#pragma unroll 4
  for (unsigned e = walk.next; e < walk.end; e += lanes.lanes) {
    int at = walk.at(p, e);
    T g = y[at] > T(0) ? gy[at] : T(0);
    gx[at] = g;
    mine.add(g);
  }
  finish(lanes, p, mine, Sum<T>::zero(), parts, [&](int c, const Sum<T>& all) { gb[c] = all.value(); });
}

#define CHANNEL(name, T)                                                                                            \
  KERNEL moments_##name(Lanes lanes, Channels p, double eps, const T* x, T* mean, T* invstd, T* runningMean,        \
                        T* runningVar, double momentum, Moments<T>* parts) {                                        \
    moments(lanes, p, T(eps), x, mean, invstd, Running<T>{runningMean, runningVar, T(momentum)}, parts);            \
  }                                                                                                                 \
  KERNEL batch_norm_##name(unsigned n, Channels p, int wide, int relu, const T* x, const T* mean, const T* invstd,  \
                           const T* weight, const T* bias, T* y) {                                                  \
    normalise(n, p, wide, relu, x, mean, invstd, weight, bias, y);                                                  \
  }                                                                                                                 \
  KERNEL batch_norm_sums_##name(Lanes lanes, Channels p, const T* gy, const T* y, const T* x, const T* mean,        \
                                const T* invstd, T* gb, T* gw, Two<T>* parts) {                                     \
    gradientSums(lanes, p, gy, y, x, mean, invstd, gb, gw, parts);                                                  \
  }                                                                                                                 \
  KERNEL batch_norm_backward_##name(unsigned n, Channels p, int wide, const T* gy, const T* y, const T* x,          \
                                    const T* mean, const T* invstd, const T* weight, const T* gw, const T* gb,      \
                                    T* gx) {                                                                        \
    normaliseBackward(n, p, wide, gy, y, x, mean, invstd, weight, gw, gb, gx);                                      \
  }                                                                                                                 \
  KERNEL bias_activation_##name(unsigned n, Channels p, int wide, int relu, const T* bias, T* y) {                  \
    biasActivation(n, p, wide, relu, bias, y);                                                                      \
  }                                                                                                                 \
  KERNEL bias_relu_backward_##name(Lanes lanes, Channels p, const T* gy, const T* y, T* gx, T* gb, Sum<T>* parts) { \
    biasReluBackward(lanes, p, gy, y, gx, gb, parts);                                                               \
  }

CHANNEL(f32, float)
CHANNEL(f64, double)
