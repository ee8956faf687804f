// Small f32 products y = a·b, where a library's launches cost more than its tiles save: the epilogue, and what a linear
// layer hands back, go with them in one launch. A block computes 16 x 16 results, one to a thread, from tiles of 16
// lines and 64 steps of the sum in shared memory; the next tiles are on their way meanwhile. Both operands are lines
// along the sum, at any strides: a's rows and b's columns. Each sum runs in order.
#include "crema.cuh"

const int SIDE = 16, DEPTH = 64, SHARE = SIDE * DEPTH / THREADS;

// `lines` of `depth` numbers; those where the mask, which lies alike, is not above 0 count as 0.
struct Operand {
  const float *numbers, *mask;
  int lines, depth, line, step;

  __device__ bool isDense() const { return step == 1; }
};

// y is dense. Null: no bias, no sums (each line's of a).
struct Product {
  Operand a, b;
  const float* bias;
  float *y, *sums;
  int relu, across;  // tiles beside each other
};

typedef float Tile[SIDE][DEPTH + 1];  // one more, so that a column's elements are in different banks

// A thread's share of a tile of an operand: neighbouring threads read what lies closest.
struct Part {
  float v[SHARE];

  static __device__ int line(const Operand& x, int i) { return x.isDense() ? i / DEPTH : i % SIDE; }
  static __device__ int step(const Operand& x, int i) { return x.isDense() ? i % DEPTH : i / SIDE; }

  __device__ void load(const Operand& x, int line0, int step0) {
    for (int k = 0; k < SHARE; k++) {
      int i = k * THREADS + threadIdx.x, l = line0 + line(x, i), s = step0 + step(x, i);
      int at = l * x.line + s * x.step;
      bool counts = l < x.lines && s < x.depth && (!x.mask || x.mask[at] > 0.f);
      v[k] = counts ? x.numbers[at] : 0.f;
    }
  }
  __device__ void store(const Operand& x, Tile& tile) const {
    for (int k = 0; k < SHARE; k++) {
      int i = k * THREADS + threadIdx.x;
      tile[line(x, i)][step(x, i)] = v[k];
    }
  }
};

inline __device__ void multiply(const Product& p, int tile) {
  __shared__ Tile a, b;
  int down = tile / p.across, right = tile - down * p.across;
  int row = threadIdx.x / SIDE, column = threadIdx.x % SIDE, i = down * SIDE + row, j = right * SIDE + column;
  bool sums = p.sums && right == 0;
  float product = 0.f;
  Sum<float> sum = Sum<float>::zero();
  Part nextA, nextB;
  nextA.load(p.a, down * SIDE, 0);
  nextB.load(p.b, right * SIDE, 0);
#pragma unroll 1
  for (int k = 0; k < p.a.depth; k += DEPTH) {
    nextA.store(p.a, a);
    nextB.store(p.b, b);
    __syncthreads();
    nextA.load(p.a, down * SIDE, k + DEPTH);
    nextB.load(p.b, right * SIDE, k + DEPTH);
    for (int s = 0; s < DEPTH; s++) product += a[row][s] * b[column][s];
    if (sums)
      for (int s = column; s < DEPTH; s += SIDE) sum.add(a[row][s]);
    __syncthreads();
  }
  if (sums) {
    sum = mergeLanes(Lanes{SIDE, 1}, sum);
    if (column == 0 && i < p.a.lines) p.sums[i] = sum.value();
  }
  if (i >= p.a.lines || j >= p.b.lines) return;
  float v = p.bias ? product + p.bias[j] : product;
  p.y[i * p.b.lines + j] = p.relu ? larger(v, 0.f) : v;
}

// The first tiles are those of the first product.
KERNEL products(int firstTiles, Product first, Product second) {
  int tile = blockIdx.x;
  bool isFirst = tile < firstTiles;
  const Product mine = isFirst ? first : second;  // into registers, not by its address
  multiply(mine, isFirst ? tile : tile - firstTiles);
}
