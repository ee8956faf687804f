// Picking along a dimension, and its adjoint. Gather: a thread per picked element, by one nest over picked,
// index and table, in which the table does not move along the dimension.
//
// Scatter-add, in a fixed order and without atomics: the index's entries (its elements, but for
// dimensions along which it is expanded: those are the slice) are sorted by the table's row that they
// point to and, within it, by their place. The first entry of each row then adds up all of that row's, a
// thread per element of the slice. A key is row·2^32 + place, so no two are equal and any sort is stable;
// this one is Batcher's bitonic sort, whose short strides run in shared memory.
#include "crema.cuh"

const u64 NO_KEY = ~0ULL;

template <class T, class I>
__device__ void gather(unsigned n, const Nest<3>& nest, int tableSize, int tableStride, const T* table, const I* index,
                       T* picked, Fault* fault) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= n) return;
  int place[3];
  nest.at(i, place);
  i64 chosen = index[place[1]];
  bool good = chosen >= 0 && chosen < tableSize;
  if (!good) report(fault, i, chosen);
  picked[place[0]] = good ? table[place[2] + int(chosen) * tableStride] : T(0);
}

#define GATHER(bytes, T, name, I)                                                                                  \
  KERNEL gather_##bytes##_##name(unsigned n, Nest<3> nest, int tableSize, int tableStride, const T* table,         \
                                 const I* index, T* picked, Fault* fault) {                                        \
    gather(n, nest, tableSize, tableStride, table, index, picked, fault);                                          \
  }

GATHER(1, u8, i32, int)
GATHER(1, u8, i64, i64)
GATHER(2, u16, i32, int)
GATHER(2, u16, i64, i64)
GATHER(4, int, i32, int)
GATHER(4, int, i64, i64)
GATHER(8, i64, i32, int)
GATHER(8, i64, i64, i64)

// ---- scatter-add ----

// The keys of all entries, and of no entry up to a power of two. Entries are [before, size, after]; the
// table's rows [before, after, tableSize].
template <class I>
__device__ void keys(unsigned entries, unsigned padded, const Nest<1>& nest, unsigned size, unsigned after,
                     unsigned tableSize, const I* index, u64* keys, Fault* fault) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= padded) return;
  u64 key = NO_KEY;
  if (i < entries) {
    i64 chosen = index[at(nest, i)];
    if (chosen >= 0 && chosen < tableSize) {
      u64 line = i / after / size * after + i % after;
      key = (line * tableSize + u64(chosen)) << 32 | i;
    } else {
      report(fault, i, chosen);
    }
  }
  keys[i] = key;
}

#define KEYS(name, I)                                                                                               \
  KERNEL scatter_keys_##name(unsigned entries, unsigned padded, Nest<1> nest, unsigned size, unsigned after,        \
                             unsigned tableSize, const I* index, u64* to, Fault* fault) {                           \
    keys(entries, padded, nest, size, after, tableSize, index, to, fault);                                          \
  }

KEYS(i32, int)
KEYS(i64, i64)

const unsigned TILE = 2048;

// Puts the pair (i, i + stride) in order: ascending in runs of `run` keys where i has that bit clear.
inline __device__ void order(u64& low, u64& high, bool ascending) {
  if ((low > high) == ascending) {
    u64 k = low;
    low = high;
    high = k;
  }
}

// The steps of runs first, 2·first, …, last that stay within a tile, in shared memory.
KERNEL sort_tile(unsigned first, unsigned last, unsigned padded, u64* keys) {
  __shared__ u64 tile[TILE];
  unsigned base = blockIdx.x * TILE, size = min(TILE, padded);
  for (unsigned i = threadIdx.x; i < size; i += THREADS) tile[i] = keys[base + i];
  for (unsigned run = first; run <= last; run *= 2) {
    for (unsigned stride = min(run, size) / 2; stride > 0; stride /= 2) {
      __syncthreads();
      for (unsigned t = threadIdx.x; t < size / 2; t += THREADS) {
        unsigned i = t / stride * stride * 2 + t % stride;
        order(tile[i], tile[i + stride], ((base + i) & run) == 0);
      }
    }
  }
  __syncthreads();
  for (unsigned i = threadIdx.x; i < size; i += THREADS) keys[base + i] = tile[i];
}

// One step between tiles.
KERNEL sort_step(unsigned run, unsigned stride, unsigned padded, u64* keys) {
  unsigned t = blockIdx.x * THREADS + threadIdx.x;
  if (t >= padded / 2) return;
  unsigned i = t / stride * stride * 2 + t % stride;
  order(keys[i], keys[i + stride], (i & run) == 0);
}

template <class T>
struct Plus {
  static __device__ T of(T a, T b) { return a + b; }
};
template <>
struct Plus<int> {
  static __device__ int of(int a, int b) { return int(unsigned(a) + unsigned(b)); }
};
template <>
struct Plus<i64> {
  static __device__ i64 of(i64 a, i64 b) { return i64(u64(a) + u64(b)); }
};
template <>
struct Plus<b8> {
  static __device__ b8 of(b8 a, b8 b) { return b8{u8(a.bit | b.bit)}; }
};

// Both nests are over picked and table; the entries' has the table still along the dimension.
template <class T>
__device__ void scatterAdd(unsigned n, unsigned entries, unsigned slice, const Nest<2>& entry, const Nest<2>& within,
                           unsigned tableSize, int tableStride, const u64* keys, const T* picked, T* table) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= n) return;
  unsigned first = i / slice;
  u64 key = keys[first];
  unsigned row = unsigned(key >> 32);
  if (key == NO_KEY || (first > 0 && unsigned(keys[first - 1] >> 32) == row)) return;
  int inside[2], place[2];
  within.at(i - first * slice, inside);
  entry.at(unsigned(key), place);
  T* to = table + place[1] + inside[1] + int(row % tableSize) * tableStride;
  T sum = Plus<T>::of(*to, picked[place[0] + inside[0]]);
  for (unsigned k = first + 1; k < entries; k++) {
    key = keys[k];
    if (key == NO_KEY || unsigned(key >> 32) != row) break;
    entry.at(unsigned(key), place);
    sum = Plus<T>::of(sum, picked[place[0] + inside[0]]);
  }
  *to = sum;
}

#define SCATTER_ADD(name, T)                                                                                        \
  KERNEL scatter_add_##name(unsigned n, unsigned entries, unsigned slice, Nest<2> entry, Nest<2> within,            \
                            unsigned tableSize, int tableStride, const u64* keys, const T* picked, T* table) {      \
    scatterAdd(n, entries, slice, entry, within, tableSize, tableStride, keys, picked, table);                      \
  }

SCATTER_ADD(f32, float)
SCATTER_ADD(f64, double)
SCATTER_ADD(i32, int)
SCATTER_ADD(i64, i64)
SCATTER_ADD(u8, u8)
SCATTER_ADD(bool, b8)
