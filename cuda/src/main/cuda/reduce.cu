// Reductions. Line k is what result k is made of: reduced elements at the places of one nest, from where the
// other nest says that k starts. `lanes` threads walk a line, each every lanes-th element, and are then merged in a
// fixed order. A long line is cut into segments, each reduced as a line of its own: line s·kept + k is
// segment s of k, and y has the segments' results as rows, to be reduced once more. Floating sums carry
// their rounding errors along; 16-bit floats are summed as float, whose segments' sums stay float until the last. Integers
// and bool sum to i64.
#include "crema.cuh"

template <class T, class Y = T>
struct Adding {  // the floating types
  typedef Y Result;
  Sum<typename Wide<T>::type> state;
  __device__ void start() { state = Sum<typename Wide<T>::type>::zero(); }
  __device__ void take(T x) { state.add(wide(x)); }
  __device__ void merge(const Adding& other) { state.merge(other.state); }
  __device__ Y result() const { return Narrow<Y>::from(state.value()); }
};

inline __device__ i64 whole(int x) { return x; }
inline __device__ i64 whole(i64 x) { return x; }
inline __device__ i64 whole(u8 x) { return x; }

template <class T>
struct Counting {  // the others
  typedef i64 Result;
  u64 state;
  __device__ void start() { state = 0; }
  __device__ void take(T x) { state += u64(whole(x)); }
  __device__ void merge(const Counting& other) { state += other.state; }
  __device__ i64 result() const { return i64(state); }
};

template <class T>
struct Maximum {
  typedef T Result;
  typename Wide<T>::type state;
  __device__ void start() { state = Limits<typename Wide<T>::type>::lowest(); }
  __device__ void take(T x) { state = larger(state, wide(x)); }
  __device__ void merge(const Maximum& other) { state = larger(state, other.state); }
  __device__ T result() const { return Narrow<T>::from(state); }
};

template <class T>
struct Minimum {
  typedef T Result;
  typename Wide<T>::type state;
  __device__ void start() { state = Limits<typename Wide<T>::type>::highest(); }
  __device__ void take(T x) { state = smaller(state, wide(x)); }
  __device__ void merge(const Minimum& other) { state = smaller(state, other.state); }
  __device__ T result() const { return Narrow<T>::from(state); }
};

struct Lines {
  int kept, reduced, segment, lines;  // segment: elements in one; lines: kept times the number of segments
};

template <class R, class T>
__device__ void reduce(Lanes lanes, Lines size, const Nest<1>& kept, const Nest<1>& reduced, const T* x,
                       typename R::Result* y) {
  int line = lanes.line();
  bool inside = line < size.lines;
  R mine;
  mine.start();
  if (inside) {
    int s = line / size.kept, k = line - s * size.kept;
    const T* from = x + at(kept, k);
    unsigned first = unsigned(s) * size.segment, end = min(first + size.segment, unsigned(size.reduced));
#pragma unroll 4
    for (unsigned r = first + lanes.lane(); r < end; r += lanes.lanes) mine.take(from[at(reduced, r)]);
  }
  mine = mergeLanes(lanes, mine);
  if (inside && lanes.lane() == 0) y[line] = mine.result();
}

#define REDUCE(op, R, name, T)                                                                                       \
  KERNEL op##_##name(Lanes lanes, Lines size, Nest<1> kept, Nest<1> reduced, const T* x, R<T>::Result* y) {          \
    reduce<R<T>>(lanes, size, kept, reduced, x, y);                                                                  \
  }

REDUCE(sum, Adding, f32, float)
REDUCE(sum, Adding, f64, double)
REDUCE(sum, Adding, f16, f16)
REDUCE(sum, Adding, bf16, bf16)
REDUCE(sum, Counting, i32, int)
REDUCE(sum, Counting, i64, i64)
REDUCE(sum, Counting, u8, u8)
REDUCE(max, Maximum, f32, float)
REDUCE(max, Maximum, f64, double)
REDUCE(max, Maximum, f16, f16)
REDUCE(max, Maximum, bf16, bf16)
REDUCE(max, Maximum, i32, int)
REDUCE(max, Maximum, i64, i64)
REDUCE(max, Maximum, u8, u8)
REDUCE(min, Minimum, f32, float)
REDUCE(min, Minimum, f64, double)
REDUCE(min, Minimum, f16, f16)
REDUCE(min, Minimum, bf16, bf16)
REDUCE(min, Minimum, i32, int)
REDUCE(min, Minimum, i64, i64)
REDUCE(min, Minimum, u8, u8)

// The segments of 16-bit floats, and the sum of segments.
#define SUM_TO(name, T, Y)                                                                                           \
  KERNEL sum_##name(Lanes lanes, Lines size, Nest<1> kept, Nest<1> reduced, const T* x, Y* y) {                      \
    reduce<Adding<T, Y>>(lanes, size, kept, reduced, x, y);                                                          \
  }

SUM_TO(f16_f32, f16, float)
SUM_TO(f32_f16, float, f16)
SUM_TO(bf16_f32, bf16, float)
SUM_TO(f32_bf16, float, bf16)

// ---- where the extreme first occurs ----

// The better of two elements, NaN before all, and the first among equals. The sign turns MAX to MIN.
template <class T, int SIGN>
struct Best {
  T value;
  int place;  // below 0: none yet

  __device__ void take(T x, int at) {
    bool better = SIGN > 0 ? x > value : x < value;
    bool equal = x == value || (x != x && value != value);
    if (place < 0 || better || (x != x && value == value) || (equal && at < place)) {
      value = x;
      place = at;
    }
  }
  __device__ void merge(const Best& other) {
    if (other.place >= 0) take(other.value, other.place);
  }
};

template <int SIGN, class T>
__device__ void argReduce(Lanes lanes, int count, int reduced, int stride, const Nest<1>& kept, const T* x, i64* y) {
  int line = lanes.line();
  Best<typename Wide<T>::type, SIGN> best = {0, -1};
  if (line < count) {
    const T* from = x + at(kept, line);
    for (unsigned r = lanes.lane(); r < unsigned(reduced); r += lanes.lanes)
      best.take(wide(from[int(r) * stride]), int(r));
  }
  best = mergeLanes(lanes, best);
  if (line < count && lanes.lane() == 0) y[line] = best.place;
}

#define ARG_REDUCE(name, T)                                                                                     \
  KERNEL argmax_##name(Lanes lanes, int count, int reduced, int stride, Nest<1> kept, const T* x, i64* y) {     \
    argReduce<1>(lanes, count, reduced, stride, kept, x, y);                                                    \
  }                                                                                                             \
  KERNEL argmin_##name(Lanes lanes, int count, int reduced, int stride, Nest<1> kept, const T* x, i64* y) {     \
    argReduce<-1>(lanes, count, reduced, stride, kept, x, y);                                                   \
  }

ARG_REDUCE(f32, float)
ARG_REDUCE(f64, double)
ARG_REDUCE(f16, f16)
ARG_REDUCE(bf16, bf16)
ARG_REDUCE(i32, int)
ARG_REDUCE(i64, i64)
ARG_REDUCE(u8, u8)
