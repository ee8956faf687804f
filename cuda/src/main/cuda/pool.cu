// Pooling of [planes, ih, iw] to [planes, oh, ow], an output (or, backwards, an input) element to a thread. The
// windows come as a table of the host's, so that ordinary, global and adaptive pooling are one kernel: for each
// output row the first input row, the end and the divisor (three runs of oh), then the same for columns (ow); and
// backwards, for each input row the first and the last output row whose window may have it (two runs of ih), then
// the same for columns (iw). Gradients are gathered, so nothing is added atomically.
#include "crema.cuh"

struct Pool {
  unsigned n;  // threads: output elements, or input elements
  int ih, iw;
  Divisor oh, ow;
  int hStep, wStep;
};

// The windows of one axis.
struct Axis {
  const int *start, *end, *divisor;

  __device__ Axis(const int* table, int count) : start(table), end(table + count), divisor(table + 2 * count) {}
  __device__ bool has(int window, int place, int step) const {
    return start[window] <= place && place < end[window] && (place - start[window]) % step == 0;
  }
};

// Where an output element stands.
struct Output {
  int plane, oh, ow;

  __device__ Output(const Pool& p, unsigned i) {
    unsigned row = p.ow.quotient(i);
    ow = i - row * p.ow.d;
    plane = p.oh.quotient(row);
    oh = row - plane * p.oh.d;
  }
};

template <class T>
__device__ void maxPool(const Pool& p, const int* table, const T* x, T* y, int* index) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  Output o(p, i);
  Axis h(table, p.oh.d), w(table + 3 * p.oh.d, p.ow.d);
  const T* plane = x + i64(o.plane) * p.ih * p.iw;
  int best = h.start[o.oh] * p.iw + w.start[o.ow];
  T winner = plane[best];
  for (int ih = h.start[o.oh]; ih < h.end[o.oh]; ih += p.hStep) {
    for (int iw = w.start[o.ow]; iw < w.end[o.ow]; iw += p.wStep) {
      T v = plane[ih * p.iw + iw];
      if (v > winner || (v != v && winner == winner)) {
        winner = v;
        best = ih * p.iw + iw;
      }
    }
  }
  y[i] = winner;
  index[i] = best;
}

template <class T>
__device__ void avgPool(const Pool& p, const int* table, const T* x, T* y) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  Output o(p, i);
  Axis h(table, p.oh.d), w(table + 3 * p.oh.d, p.ow.d);
  const T* plane = x + i64(o.plane) * p.ih * p.iw;
  Sum<T> sum = Sum<T>::zero();
  for (int ih = h.start[o.oh]; ih < h.end[o.oh]; ih += p.hStep)
    for (int iw = w.start[o.ow]; iw < w.end[o.ow]; iw += p.wStep) sum.add(plane[ih * p.iw + iw]);
  y[i] = sum.value() / T(h.divisor[o.oh] * w.divisor[o.ow]);
}

// Calls f(output element, oh, ow) for each window that has input element i, in order.
template <class F>
__device__ void eachWindow(const Pool& p, const int* table, unsigned i, F f) {
  const int* rows = table + 3 * (p.oh.d + p.ow.d);
  const int* columns = rows + 2 * p.ih;
  Axis h(table, p.oh.d), w(table + 3 * p.oh.d, p.ow.d);
  unsigned row = i / p.iw, plane = row / p.ih;
  int iw = i - row * p.iw, ih = row - plane * p.ih;
  for (int oh = rows[ih]; oh <= rows[p.ih + ih]; oh++) {
    if (!h.has(oh, ih, p.hStep)) continue;
    for (int ow = columns[iw]; ow <= columns[p.iw + iw]; ow++)
      if (w.has(ow, iw, p.wStep)) f((plane * p.oh.d + oh) * p.ow.d + ow, oh, ow);
  }
}

template <class T>
__device__ void maxPoolBackward(const Pool& p, const int* table, const T* gy, const int* index, T* gx) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  int mine = i % unsigned(p.ih * p.iw);
  T sum = T(0);
  eachWindow(p, table, i, [&](unsigned o, int, int) {
    if (index[o] == mine) sum += gy[o];
  });
  gx[i] = sum;
}

template <class T>
__device__ void avgPoolBackward(const Pool& p, const int* table, const T* gy, T* gx) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  const int *hDivisor = table + 2 * p.oh.d, *wDivisor = table + 3 * p.oh.d + 2 * p.ow.d;
  T sum = T(0);
  eachWindow(p, table, i, [&](unsigned o, int oh, int ow) { sum += gy[o] / T(hDivisor[oh] * wDivisor[ow]); });
  gx[i] = sum;
}

#define POOL(name, T)                                                                                        \
  KERNEL max_pool_##name(Pool p, const int* table, const T* x, T* y, int* index) {                           \
    maxPool(p, table, x, y, index);                                                                          \
  }                                                                                                          \
  KERNEL max_pool_backward_##name(Pool p, const int* table, const T* gy, const int* index, T* gx) {          \
    maxPoolBackward(p, table, gy, index, gx);                                                                \
  }                                                                                                          \
  KERNEL avg_pool_##name(Pool p, const int* table, const T* x, T* y) { avgPool(p, table, x, y); }            \
  KERNEL avg_pool_backward_##name(Pool p, const int* table, const T* gy, T* gx) {                            \
    avgPoolBackward(p, table, gy, gx);                                                                       \
  }

POOL(f32, float)
POOL(f64, double)
