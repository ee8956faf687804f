// Several elementwise steps in one pass: a kernel for each dtype that reads its program from its arguments. All threads
// do the same step at a time, each on four elements of its own, laid out as in pointwise.cu. What a step leaves is in
// registers for the next one; what later steps need, and the inputs, lie in shared memory, four elements for each thread
// and place, where no thread sees another's. Each step rounds to the dtype, and no two are one instruction: the
// bits are those of one kernel per step. The result may be an operand.
#include "crema.cuh"
#include "elementwise.cuh"

// As in dev.crema.backend.Chain and dev.crema.cuda.kernel.Chains.
const int MAX_INPUTS = 6, MAX_NUMBERS = 16, MAX_STEPS = 32;
const int BLOCK = 128;

// What a step does: a unary op's number, or one of these and a binary op's number, or a choice.
const int BINARY_OP = 32, COMPARE = 64, CHOOSE = 96;
// Where an operand is: at its place; or what the step before left; or below that, a number.
const int BEFORE = -1;

struct Step {
  int op, a, b, c;
  int to;  // the place of its result, or -1
  int none;
  double p, q;
};

struct Program {
  int inputs, steps;
  double number[MAX_NUMBERS];
  Step step[MAX_STEPS];
};

template <class T>
struct Inputs {
  const T* at[MAX_INPUTS];
};

#ifdef __CUDACC__
extern __shared__ __align__(16) unsigned char places[];  // as many as the launch says
#else
const int MAX_PLACES = 12;
static __align__(16) unsigned char places[MAX_PLACES * BLOCK * 4 * sizeof(double)];
#endif

template <class N>
struct alignas(16) Quad {
  N v[4];
};

template <class N>
__device__ Quad<N>& place(int i) {
  return ((Quad<N>*)places)[i * BLOCK + threadIdx.x];
}

template <class N>
__device__ void fetch(const Program& program, int operand, const N (&before)[4], N (&x)[4]) {
  if (operand >= 0) {
    Quad<N> quad = place<N>(operand);
    for (int k = 0; k < 4; k++) x[k] = quad.v[k];
  } else if (operand == BEFORE) {
    for (int k = 0; k < 4; k++) x[k] = before[k];
  } else {
    N number = N(program.number[BEFORE - 1 - operand]);
    for (int k = 0; k < 4; k++) x[k] = number;
  }
}

// All steps, from the inputs in their places to the result.
template <class T>
__device__ void runSteps(const Program& program, T (&result)[4]) {
  typedef typename Type<T>::Number N;
  N x[4] = {};
#pragma unroll 1
  for (int s = 0; s < program.steps; s++) {
    const Step& step = program.step[s];
    N a[4], b[4];
    fetch(program, step.a, x, a);
    if (step.op < BINARY_OP) {
      apply(step.op, N(step.p), N(step.q), a);
    } else {
      fetch(program, step.b, x, b);
      if (step.op < COMPARE) {
        apply(step.op - BINARY_OP, a, b);
      } else if (step.op < CHOOSE) {
        b8 truth[4];
        compare(step.op - COMPARE, a, b, truth);
        for (int k = 0; k < 4; k++) a[k] = N(truth[k].bit);
      } else {
        N c[4];
        fetch(program, step.c, x, c);
        for (int k = 0; k < 4; k++) a[k] = a[k] != N(0) ? b[k] : c[k];
      }
    }
    for (int k = 0; k < 4; k++) x[k] = Type<T>::number(Type<T>::element(a[k]));
    if (step.to >= 0) {
      Quad<N> quad;
      for (int k = 0; k < 4; k++) quad.v[k] = x[k];
      place<N>(step.to) = quad;
    }
  }
  for (int k = 0; k < 4; k++) result[k] = Type<T>::element(x[k]);
}

template <class T>
__device__ void put(int i, const T (&v)[4]) {
  typedef typename Type<T>::Number N;
  Quad<N> quad;
  for (int k = 0; k < 4; k++) quad.v[k] = Type<T>::number(v[k]);
  place<N>(i) = quad;
}

template <class T>
__device__ void chain(const Program& program, unsigned n, const Inputs<T>& x, T* y) {
  unsigned i = (blockIdx.x * BLOCK + threadIdx.x) * 4;
  if (i >= n) return;
  Four<T> in[MAX_INPUTS];
  for (int m = 0; m < MAX_INPUTS; m++)  // all on their way before the first is waited for
    if (m < program.inputs) in[m] = loadFour(x.at[m], i, n);
  for (int m = 0; m < MAX_INPUTS; m++)
    if (m < program.inputs) put(m, in[m].v);
  Four<T> four;
  runSteps(program, four.v);
  storeFour(y, i, n, four);
}

template <class T>
__device__ void chainStrided(const Program& program, unsigned n, const Nest<1 + MAX_INPUTS>& nest, const Inputs<T>& x,
                             T* y) {
  unsigned first = blockIdx.x * BLOCK * 4 + threadIdx.x;
  T in[MAX_INPUTS][4];
  int to[4];
  for (int k = 0; k < 4; k++) {
    unsigned i = first + k * BLOCK;
    int at[1 + MAX_INPUTS];
    nest.at(i < n ? i : 0, at);
    to[k] = at[0];
    for (int m = 0; m < MAX_INPUTS; m++)
      if (m < program.inputs) in[m][k] = x.at[m][at[1 + m]];
  }
  for (int m = 0; m < MAX_INPUTS; m++)
    if (m < program.inputs) put(m, in[m]);
  T r[4];
  runSteps(program, r);
  for (int k = 0; k < 4; k++)
    if (first + k * BLOCK < n) y[to[k]] = r[k];
}

#define CHAIN(name, T)                                                                                                 \
  KERNEL chain_##name(Program program, unsigned n, Inputs<T> x, T* y) { chain(program, n, x, y); }                     \
  KERNEL chain_strided_##name(Program program, unsigned n, Nest<1 + MAX_INPUTS> nest, Inputs<T> x, T* y) {             \
    chainStrided(program, n, nest, x, y);                                                                              \
  }

CHAIN(f32, float)
CHAIN(f64, double)
CHAIN(f16, f16)
CHAIN(bf16, bf16)
