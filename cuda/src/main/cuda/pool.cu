// Pooling of [outer, ih, iw, inner] to [outer, oh, ow, inner], an output (or, backwards, an input) element to a thread.
// Row-major planes are outer and inner is 1; in channels-last, images are outer and their channels inner. Each axis
// has a rule by which its windows are computed, ordinary, global and adaptive ones by one kernel. Gradients are
// gathered from the windows that have an element, so nothing is added atomically.
#include "crema.cuh"

// The windows of one axis of `size` elements, as Pool2dPlan.Rule has them; adaptive: the rule has no stride.
struct Axis {
  int size;
  Divisor count, stride, step;
  int pad, span, countPad, adaptive;

  __device__ int from(int window) const { return window * int(stride.d) - pad; }
  __device__ int up(int n) const { return int(step.quotient(n + step.d - 1)); }  // ⌈n / step⌉
  __device__ int start(int window) const {
    if (adaptive) return int(u64(window) * size / count.d);
    int at = from(window);
    return at < 0 ? at + up(-at) * int(step.d) : at;
  }
  __device__ int end(int window) const {
    if (adaptive) return int((u64(window + 1) * size + count.d - 1) / count.d);
    return min(from(window) + span, size);
  }
  // This axis's factor of what an average divides by.
  __device__ int divisor(int window) const {
    return up(countPad ? min(from(window) + span, size + pad) - from(window) : end(window) - start(window));
  }
  // The first and the last window that may have a place.
  __device__ int first(int place) const {
    if (adaptive) return int(u64(place) * count.d / size);
    int behind = place + pad - span;  // where the last window starts that ends before it
    return behind < 0 ? 0 : int(stride.quotient(behind)) + 1;
  }
  __device__ int last(int place) const {
    if (adaptive) return int((u64(place + 1) * count.d + size - 1) / size) - 1;
    return min(int(stride.quotient(place + pad)), int(count.d) - 1);
  }
  __device__ bool has(int window, int place) const {
    int in = place - start(window);
    return in >= 0 && place < end(window) && int(step.quotient(in) * step.d) == in;
  }
};

struct Pool {
  unsigned n;  // threads: output elements, or input elements
  Divisor inner;
  Axis h, w;

  // How far apart the pixels of a plane are.
  __device__ int pixel() const { return int(inner.d); }
};

// Where an output element stands.
struct Output {
  i64 plane;  // where the first pixel of its input plane lies
  int oh, ow;

  __device__ Output(const Pool& p, unsigned i) {
    unsigned at = p.inner.quotient(i), row = p.w.count.quotient(at), outer = p.h.count.quotient(row);
    ow = at - row * p.w.count.d;
    oh = row - outer * p.h.count.d;
    plane = i64(outer) * p.h.size * p.w.size * p.pixel() + (i - at * p.inner.d);
  }
};

template <class T>
__device__ void maxPool(const Pool& p, const T* x, T* y, int* index) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  Output o(p, i);
  const T* plane = x + o.plane;
  int top = p.h.start(o.oh), left = p.w.start(o.ow), bottom = p.h.end(o.oh), right = p.w.end(o.ow);
  int best = top * p.w.size + left;
  auto winner = wide(plane[i64(best) * p.pixel()]);
  for (int ih = top; ih < bottom; ih += p.h.step.d) {
    for (int iw = left; iw < right; iw += p.w.step.d) {
      auto v = wide(plane[i64(ih * p.w.size + iw) * p.pixel()]);
      if (v > winner || (v != v && winner == winner)) {
        winner = v;
        best = ih * p.w.size + iw;
      }
    }
  }
  y[i] = Narrow<T>::from(winner);
  index[i] = best;
}

template <class T>
__device__ void avgPool(const Pool& p, const T* x, T* y) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  Output o(p, i);
  const T* plane = x + o.plane;
  int top = p.h.start(o.oh), left = p.w.start(o.ow), bottom = p.h.end(o.oh), right = p.w.end(o.ow);
  typedef typename Wide<T>::type W;
  Sum<W> sum = Sum<W>::zero();
  for (int ih = top; ih < bottom; ih += p.h.step.d)
    for (int iw = left; iw < right; iw += p.w.step.d) sum.add(wide(plane[i64(ih * p.w.size + iw) * p.pixel()]));
  y[i] = Narrow<T>::from(sum.value() / W(p.h.divisor(o.oh) * p.w.divisor(o.ow)));
}

// Calls f(output element, oh, ow) for each window that has input element i, in order.
template <class F>
__device__ void eachWindow(const Pool& p, unsigned i, F f) {
  unsigned at = p.inner.quotient(i), channel = i - at * p.inner.d;
  unsigned row = at / p.w.size, outer = row / p.h.size;
  int iw = at - row * p.w.size, ih = row - outer * p.h.size;
  for (int oh = p.h.first(ih), lastRow = p.h.last(ih); oh <= lastRow; oh++) {
    if (!p.h.has(oh, ih)) continue;
    for (int ow = p.w.first(iw), last = p.w.last(iw); ow <= last; ow++)
      if (p.w.has(ow, iw)) f(((outer * p.h.count.d + oh) * p.w.count.d + ow) * p.inner.d + channel, oh, ow);
  }
}

template <class T>
__device__ void maxPoolBackward(const Pool& p, const T* gy, const int* index, T* gx) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  int mine = p.inner.quotient(i) % unsigned(p.h.size * p.w.size);
  typename Wide<T>::type sum = 0;
  eachWindow(p, i, [&](unsigned o, int, int) {
    if (index[o] == mine) sum += wide(gy[o]);
  });
  gx[i] = Narrow<T>::from(sum);
}

template <class T>
__device__ void avgPoolBackward(const Pool& p, const T* gy, T* gx) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  typedef typename Wide<T>::type W;
  W sum = 0;
  eachWindow(p, i, [&](unsigned o, int oh, int ow) { sum += wide(gy[o]) / W(p.h.divisor(oh) * p.w.divisor(ow)); });
  gx[i] = Narrow<T>::from(sum);
}

#define POOL(name, T)                                                                                                  \
  KERNEL max_pool_##name(Pool p, const T* x, T* y, int* index) { maxPool(p, x, y, index); }                            \
  KERNEL max_pool_backward_##name(Pool p, const T* gy, const int* index, T* gx) { maxPoolBackward(p, gy, index, gx); } \
  KERNEL avg_pool_##name(Pool p, const T* x, T* y) { avgPool(p, x, y); }                                               \
  KERNEL avg_pool_backward_##name(Pool p, const T* gy, T* gx) { avgPoolBackward(p, gy, gx); }

POOL(f32, float)
POOL(f64, double)
POOL(f16, f16)
POOL(bf16, bf16)
