// Softmax, log-softmax and the cross-entropy on top of it. A line is what sums to 1: `size` elements, `inner`
// apart, of [outer, size, inner]. `lanes` threads walk it three times (largest, sum, result), which the
// caches make cheap. Of the cross-entropy each block adds up its samples' losses, and the last one the blocks'.
#include "crema.cuh"

struct Softmax {
  int lines;
  unsigned size;
  int inner;

  __device__ i64 first(int line) const { return i64(line / inner) * size * inner + line % inner; }
};

// The largest element x of this thread's line, and the sum of all e^(x − largest).
template <class T>
struct Scale {
  T largest, sum;
};

template <class T>
__device__ Scale<T> scale(Lanes lanes, const Softmax& p, bool inside, const T* x) {
  Largest<T> most = {-INFINITY};
  if (inside)
    for (unsigned i = lanes.lane(); i < p.size; i += lanes.lanes) most.value = larger(most.value, x[i64(i) * p.inner]);
  T largest = mergeLanes(lanes, most).value;
  Sum<T> sum = Sum<T>::zero();
  if (inside)
    for (unsigned i = lanes.lane(); i < p.size; i += lanes.lanes) sum.add(math::exp(x[i64(i) * p.inner] - largest));
  return Scale<T>{largest, mergeLanes(lanes, sum).value()};
}

template <class T>
__device__ void softmax(Lanes lanes, const Softmax& p, int log, const T* x, T* y) {
  int line = lanes.line();
  bool inside = line < p.lines;
  i64 first = inside ? p.first(line) : 0;
  Scale<T> s = scale(lanes, p, inside, x + first);
  if (!inside) return;
  T logSum = log ? math::log(s.sum) : T(0);
  for (unsigned i = lanes.lane(); i < p.size; i += lanes.lanes) {
    i64 at = first + i64(i) * p.inner;
    T shifted = x[at] - s.largest;
    y[at] = log ? shifted - logSum : math::exp(shifted) / s.sum;
  }
}

KERNEL softmax_f32(Lanes lanes, Softmax p, int log, const float* x, float* y) { softmax(lanes, p, log, x, y); }
KERNEL softmax_f64(Lanes lanes, Softmax p, int log, const double* x, double* y) { softmax(lanes, p, log, x, y); }

// ---- cross-entropy ----

// How much of a sample's target is class c.
template <class T>
__device__ T share(T smoothing, int classes, bool isTarget) {
  return smoothing / T(classes) + (isTarget ? T(1) - smoothing : T(0));
}

enum Reduction { NONE, MEAN, SUM };  // the ordinals of CrossEntropyOptions.Reduction

// A sum of losses, and how many samples count in it.
template <class T>
struct Tally {
  Sum<T> sum;
  int count;
  __device__ void merge(const Tally& other) {
    sum.merge(other.sum);
    count += other.count;
  }
};

template <class T, class I>
__device__ void crossEntropy(Lanes lanes, const Softmax& p, T smoothing, i64 ignored, int reduction, const T* scores,
                             const I* target, T* logP, T* losses, T* divisor, Tally<T>* tallies, Fault* fault) {
  int line = lanes.line();
  bool inside = line < p.lines;
  i64 first = inside ? p.first(line) : 0;
  Scale<T> s = scale(lanes, p, inside, scores + first);
  T logSum = math::log(s.sum);
  i64 label = inside ? i64(target[line]) : 0;
  bool counts = label != ignored;
  Sum<T> loss = Sum<T>::zero();
  if (inside) {
    for (unsigned c = lanes.lane(); c < p.size; c += lanes.lanes) {
      i64 at = first + i64(c) * p.inner;
      T log = scores[at] - s.largest - logSum;
      logP[at] = log;
      T part = share(smoothing, p.size, c == label);
      if (counts && part != T(0)) loss.add(-part * log);
    }
  }
  loss = mergeLanes(lanes, loss);
  bool speaks = inside && lanes.lane() == 0;
  if (speaks && counts && (label < 0 || label >= p.size)) report(fault, line, label);
  if (reduction == NONE) {
    if (speaks) losses[line] = loss.value();
    if (blockIdx.x == 0 && threadIdx.x == 0) *divisor = T(1);
    return;
  }
  Lanes block = {THREADS, 1};
  Tally<T> nothing = {Sum<T>::zero(), 0};
  Tally<T> mine = mergeLanes(block, speaks ? Tally<T>{Sum<T>{loss.value(), T(0)}, counts} : nothing);
  if (threadIdx.x == 0) tallies[blockIdx.x] = mine;
  if (!isLastBlock()) return;
  mine = nothing;
  for (unsigned i = threadIdx.x; i < gridDim.x; i += THREADS) mine.merge(tallies[i]);
  mine = mergeLanes(block, mine);
  if (threadIdx.x == 0) {
    T by = reduction == MEAN ? T(mine.count) : T(1);
    *divisor = by;
    *losses = mine.sum.value() / by;
  }
}

// gx, an element to a thread. One gradient for all samples, or one for each.
template <class T, class I>
__device__ void crossEntropyBackward(unsigned n, const Softmax& p, T smoothing, i64 ignored, int each, const T* logP,
                                     const I* target, const T* gLoss, const T* divisor, T* gx) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= n) return;
  unsigned outer = i / p.inner, sample = outer / p.size * p.inner + (i - outer * p.inner);
  i64 label = target[sample];
  T g = gLoss[each ? sample : 0] / *divisor;
  T part = share(smoothing, p.size, label == i64(outer % p.size));
  gx[i] = label == ignored ? T(0) : g * (math::exp(logP[i]) - part);
}

#define CROSS_ENTROPY(name, T, labels, I)                                                                            \
  KERNEL cross_entropy_##name##_##labels(Lanes lanes, Softmax p, double smoothing, i64 ignored, int reduction,       \
                                         const T* scores, const I* target, T* logP, T* losses, T* divisor,           \
                                         Tally<T>* tallies, Fault* fault) {                                          \
    crossEntropy(lanes, p, T(smoothing), ignored, reduction, scores, target, logP, losses, divisor, tallies, fault); \
  }                                                                                                                  \
  KERNEL cross_entropy_backward_##name##_##labels(unsigned n, Softmax p, double smoothing, i64 ignored, int each,    \
                                                  const T* logP, const I* target, const T* gLoss,                    \
                                                  const T* divisor, T* gx) {                                         \
    crossEntropyBackward(n, p, T(smoothing), ignored, each, logP, target, gLoss, divisor, gx);                       \
  }

CROSS_ENTROPY(f32, float, i32, int)
CROSS_ENTROPY(f32, float, i64, i64)
CROSS_ENTROPY(f64, double, i32, int)
CROSS_ENTROPY(f64, double, i64, i64)
