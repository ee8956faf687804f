// Work per channel of [n, c, inner]: batch norm, and a bias with an activation. A channel's `count` = n·inner
// elements are a line, which is cut into segments where there are too few channels to fill a GPU: line
// s·c + k is segment s of channel k. Each line leaves its part, and the last block merges a channel's parts. The
// elementwise kernels take four neighbours to a thread, by one wide load where they are aligned. Of 16-bit floats T, what
// is per channel and all sums are of W = float.
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
template <class W>
struct Running {
  W *mean, *var;
  W momentum;

  __device__ void move(W* running, int c, W batch) const {
    running[c] = (W(1) - momentum) * running[c] + momentum * batch;
  }
};

// A thread takes eight elements at a time, whose own moments it has in registers.
template <class T, class W>
__device__ void moments(Lanes lanes, const Channels& p, W eps, const T* x, W* mean, W* invstd,
                        const Running<W>& running, Moments<W>* parts) {
  Walk walk(lanes, p);
  Moments<W> mine = {0, W(0), W(0)};
  for (unsigned e = walk.next; e < walk.end; e += 8 * lanes.lanes) {
    W v[8];
    W sum = W(0);
    int count = 0;
    for (int k = 0; k < 8; k++) {
      unsigned at = e + k * lanes.lanes;
      bool inside = at < walk.end;
      v[k] = inside ? wide(x[walk.at(p, at)]) : W(0);
      sum += v[k];
      count += inside;
    }
    Moments<W> eight = {count, sum / W(count), W(0)};
    for (int k = 0; k < 8; k++) {
      W centred = k < count ? v[k] - eight.mean : W(0);
      eight.squares += centred * centred;
    }
    mine.merge(eight);
  }
  finish(lanes, p, mine, Moments<W>{0, W(0), W(0)}, parts, [&](int c, const Moments<W>& all) {
    mean[c] = all.mean;
    invstd[c] = W(1) / math::sqrt(all.squares / W(p.count) + eps);
    if (running.mean) {
      running.move(running.mean, c, all.mean);
      running.move(running.var, c, all.squares / W(p.count - 1));
    }
  });
}

// ---- batch norm ----

// A null weight is 1, a null bias 0.
template <class T, class W>
__device__ void normalise(unsigned n, const Channels& p, int aligned, int relu, const T* x, const W* mean,
                          const W* invstd, const W* weight, const W* bias, T* y) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i >= n) return;
  Four<T> four = loadFour(x, i, n, aligned);
  for (int k = 0; k < 4; k++) {
    int c = p.channel(i + k);
    W scale = weight ? invstd[c] * weight[c] : invstd[c];
    W v = (wide(four.v[k]) - mean[c]) * scale + (bias ? bias[c] : W(0));
    four.v[k] = Narrow<T>::from(relu ? larger(v, W(0)) : v);
  }
  storeFour(y, i, n, four, aligned);
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
template <class T, class W>
__device__ void gradientSums(Lanes lanes, const Channels& p, const T* gy, const T* y, const T* x, const W* mean,
                             const W* invstd, W* gb, W* gw, Two<W>* parts) {
  Walk walk(lanes, p);
  W centre = mean[walk.channel], scale = invstd[walk.channel];
  Two<W> mine = {Sum<W>::zero(), Sum<W>::zero()};
#pragma unroll 4
  for (unsigned e = walk.next; e < walk.end; e += lanes.lanes) {
    int at = walk.at(p, e);
    W g = !y || wide(y[at]) > W(0) ? wide(gy[at]) : W(0);
    mine.a.add(g);
    mine.b.add(g * ((wide(x[at]) - centre) * scale));
  }
  finish(lanes, p, mine, Two<W>{Sum<W>::zero(), Sum<W>::zero()}, parts, [&](int c, const Two<W>& all) {
    gb[c] = all.a.value();
    gw[c] = all.b.value();
  });
}

template <class T, class W>
__device__ void normaliseBackward(unsigned n, const Channels& p, int aligned, const T* gy, const T* y, const T* x,
                                  const W* mean, const W* invstd, const W* weight, const W* gw, const W* gb, T* gx) {
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i >= n) return;
  Four<T> g = loadFour(gy, i, n, aligned), from = loadFour(x, i, n, aligned), result = {};
  if (y) result = loadFour(y, i, n, aligned);
  for (int k = 0; k < 4; k++) {
    int c = p.channel(i + k);
    W xHat = (wide(from.v[k]) - mean[c]) * invstd[c];
    W upper = !y || wide(result.v[k]) > W(0) ? wide(g.v[k]) : W(0);
    W centred = upper - gb[c] / W(p.count) - xHat * (gw[c] / W(p.count));
    g.v[k] = Narrow<T>::from(centred * invstd[c] * (weight ? weight[c] : W(1)));
  }
  storeFour(gx, i, n, g, aligned);
}

// ---- bias and activation ----

// y = max(0, y + bias), or without the one or the other.
template <class T>
__device__ void biasActivation(unsigned n, const Channels& p, int aligned, int relu, const T* bias, T* y) {
  typedef typename Wide<T>::type W;
  unsigned i = (blockIdx.x * THREADS + threadIdx.x) * 4;
  if (i >= n) return;
  Four<T> four = loadFour(y, i, n, aligned);
  for (int k = 0; k < 4; k++) {
    W v = bias ? wide(four.v[k]) + wide(bias[p.channel(i + k)]) : wide(four.v[k]);
    four.v[k] = Narrow<T>::from(relu ? larger(v, W(0)) : v);
  }
  storeFour(y, i, n, four, aligned);
}

// gx, and gb = Σ gx.
template <class T, class W>
__device__ void biasReluBackward(Lanes lanes, const Channels& p, const T* gy, const T* y, T* gx, T* gb, Sum<W>* parts) {
  Walk walk(lanes, p);
  Sum<W> mine = Sum<W>::zero();
#pragma unroll 4
  for (unsigned e = walk.next; e < walk.end; e += lanes.lanes) {
    int at = walk.at(p, e);
    W g = wide(y[at]) > W(0) ? wide(gy[at]) : W(0);
    gx[at] = Narrow<T>::from(g);
    mine.add(g);
  }
  finish(lanes, p, mine, Sum<W>::zero(), parts, [&](int c, const Sum<W>& all) { gb[c] = Narrow<T>::from(all.value()); });
}

#define CHANNEL(name, T, W)                                                                                         \
  KERNEL moments_##name(Lanes lanes, Channels p, double eps, const T* x, W* mean, W* invstd, W* runningMean,        \
                        W* runningVar, double momentum, Moments<W>* parts) {                                        \
    moments(lanes, p, W(eps), x, mean, invstd, Running<W>{runningMean, runningVar, W(momentum)}, parts);            \
  }                                                                                                                 \
  KERNEL batch_norm_##name(unsigned n, Channels p, int aligned, int relu, const T* x, const W* mean,                \
                           const W* invstd, const W* weight, const W* bias, T* y) {                                 \
    normalise(n, p, aligned, relu, x, mean, invstd, weight, bias, y);                                               \
  }                                                                                                                 \
  KERNEL batch_norm_sums_##name(Lanes lanes, Channels p, const T* gy, const T* y, const T* x, const W* mean,        \
                                const W* invstd, W* gb, W* gw, Two<W>* parts) {                                     \
    gradientSums(lanes, p, gy, y, x, mean, invstd, gb, gw, parts);                                                  \
  }                                                                                                                 \
  KERNEL batch_norm_backward_##name(unsigned n, Channels p, int aligned, const T* gy, const T* y, const T* x,       \
                                    const W* mean, const W* invstd, const W* weight, const W* gw, const W* gb,      \
                                    T* gx) {                                                                        \
    normaliseBackward(n, p, aligned, gy, y, x, mean, invstd, weight, gw, gb, gx);                                   \
  }                                                                                                                 \
  KERNEL bias_activation_##name(unsigned n, Channels p, int aligned, int relu, const T* bias, T* y) {               \
    biasActivation(n, p, aligned, relu, bias, y);                                                                   \
  }                                                                                                                 \
  KERNEL bias_relu_backward_##name(Lanes lanes, Channels p, const T* gy, const T* y, T* gx, T* gb, Sum<W>* parts) { \
    biasReluBackward(lanes, p, gy, y, gx, gb, parts);                                                               \
  }

CHANNEL(f32, float, float)
CHANNEL(f64, double, double)
CHANNEL(f16, f16, float)
CHANNEL(bf16, bf16, float)
