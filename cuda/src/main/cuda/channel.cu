// Work per channel of [n, c, inner]: batch norm, and a bias with an activation. A channel's `count` = n·inner
// elements are a line, which is cut into segments where there are too few channels to fill a GPU: line
// s·c + k is segment s of channel k, and the sums over lines are rows of c, added up afterwards. The
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

// A thread takes eight elements at a time, whose own moments it has in registers. Each line's mean, and its
// squares over `divisor`.
template <class T>
__device__ void moments(Lanes lanes, const Channels& p, int divisor, const T* x, T* mean, T* squares) {
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
  mine = mergeLanes(lanes, mine);
  int line = lanes.line();
  if (line < p.lines && lanes.lane() == 0) {
    mean[line] = mine.mean;
    squares[line] = mine.squares / T(divisor);
  }
}

// A channel's segments, one after the other.
template <class T>
__device__ void mergeMoments(const Channels& p, const T* means, const T* squares, T* mean, T* var) {
  int k = blockIdx.x * THREADS + threadIdx.x;
  if (k >= int(p.c.d)) return;
  Moments<T> all = {0, T(0), T(0)};
  unsigned from = 0;
  for (unsigned line = k; line < unsigned(p.lines); line += p.c.d, from += p.segment)
    all.merge(Moments<T>{min(p.segment, int(p.count - from)), means[line], squares[line]});
  mean[k] = all.mean;
  var[k] = all.squares / T(p.count);
}

// ---- batch norm ----

// A null weight is 1, a null bias 0.
template <class T>
__device__ void normalise(unsigned n, const Channels& p, int wide, const T* x, const T* mean, const T* invstd,
                          const T* weight, const T* bias, T* y) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i >= n) return;
  Four<T> four = loadFour(x, i, n, wide);
  for (int k = 0; k < 4; k++) {
    int c = p.channel(i + k);
    T scale = weight ? invstd[c] * weight[c] : invstd[c];
    four.v[k] = (four.v[k] - mean[c]) * scale + (bias ? bias[c] : T(0));
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

// Each line's Σ gy and Σ gy·x̂.
template <class T>
__device__ void gradientSums(Lanes lanes, const Channels& p, const T* gy, const T* x, const T* mean, const T* invstd,
                             T* sums, T* products) {
  Walk walk(lanes, p);
  T centre = mean[walk.channel], scale = invstd[walk.channel];
  Two<T> mine = {Sum<T>::zero(), Sum<T>::zero()};
#pragma unroll 4
  for (unsigned e = walk.next; e < walk.end; e += lanes.lanes) {
    int at = walk.at(p, e);
    T g = gy[at];
    mine.a.add(g);
    mine.b.add(g * ((x[at] - centre) * scale));
  }
  mine = mergeLanes(lanes, mine);
  int line = lanes.line();
  if (line < p.lines && lanes.lane() == 0) {
    sums[line] = mine.a.value();
    products[line] = mine.b.value();
  }
}

template <class T>
__device__ void normaliseBackward(unsigned n, const Channels& p, int wide, const T* gy, const T* x, const T* mean,
                                  const T* invstd, const T* weight, const T* gw, const T* gb, T* gx) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i >= n) return;
  Four<T> g = loadFour(gy, i, n, wide), from = loadFour(x, i, n, wide);
  for (int k = 0; k < 4; k++) {
    int c = p.channel(i + k);
    T xHat = (from.v[k] - mean[c]) * invstd[c];
    T centred = g.v[k] - gb[c] / T(p.count) - xHat * (gw[c] / T(p.count));
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

// gx, and each line's Σ gx.
template <class T>
__device__ void biasReluBackward(Lanes lanes, const Channels& p, const T* gy, const T* y, T* gx, T* sums) {
  Walk walk(lanes, p);
  Sum<T> mine = Sum<T>::zero();
#pragma unroll 4
  for (unsigned e = walk.next; e < walk.end; e += lanes.lanes) {
    int at = walk.at(p, e);
    T g = y[at] > T(0) ? gy[at] : T(0);
    gx[at] = g;
    mine.add(g);
  }
  mine = mergeLanes(lanes, mine);
  int line = lanes.line();
  if (line < p.lines && lanes.lane() == 0) sums[line] = mine.value();
}

#define CHANNEL(name, T)                                                                                             \
  KERNEL moments_##name(Lanes lanes, Channels p, int divisor, const T* x, T* mean, T* squares) {                     \
    moments(lanes, p, divisor, x, mean, squares);                                                                    \
  }                                                                                                                  \
  KERNEL merge_moments_##name(Channels p, const T* means, const T* squares, T* mean, T* var) {                       \
    mergeMoments(p, means, squares, mean, var);                                                                      \
  }                                                                                                                  \
  KERNEL batch_norm_##name(unsigned n, Channels p, int wide, const T* x, const T* mean, const T* invstd,             \
                           const T* weight, const T* bias, T* y) {                                                   \
    normalise(n, p, wide, x, mean, invstd, weight, bias, y);                                                         \
  }                                                                                                                  \
  KERNEL batch_norm_sums_##name(Lanes lanes, Channels p, const T* gy, const T* x, const T* mean, const T* invstd,    \
                                T* sums, T* products) {                                                              \
    gradientSums(lanes, p, gy, x, mean, invstd, sums, products);                                                     \
  }                                                                                                                  \
  KERNEL batch_norm_backward_##name(unsigned n, Channels p, int wide, const T* gy, const T* x, const T* mean,        \
                                    const T* invstd, const T* weight, const T* gw, const T* gb, T* gx) {             \
    normaliseBackward(n, p, wide, gy, x, mean, invstd, weight, gw, gb, gx);                                          \
  }                                                                                                                  \
  KERNEL bias_activation_##name(unsigned n, Channels p, int wide, int relu, const T* bias, T* y) {                   \
    biasActivation(n, p, wide, relu, bias, y);                                                                       \
  }                                                                                                                  \
  KERNEL bias_relu_backward_##name(Lanes lanes, Channels p, const T* gy, const T* y, T* gx, T* sums) {               \
    biasReluBackward(lanes, p, gy, y, gx, sums);                                                                     \
  }

CHANNEL(f32, float)
CHANNEL(f64, double)
