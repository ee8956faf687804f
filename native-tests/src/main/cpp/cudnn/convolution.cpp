// Convolutions of cuDNN: which algorithm, how much workspace, and the product itself on the handle's stream.
// Two algorithms of each kind are there. The first of a backward is the faster and does not give the same bits twice, as on
// a GPU; the second is deterministic, and needs a workspace, which it overwrites. Channels-last is for floats alone, so
// that callers must have another way.
#include <algorithm>
#include <cstring>

#include "../driver/memory.h"
#include "../include/half.h"
#include "convolve.h"
#include "status.h"

using crema::contextError;
using crema::currentContext;
using crema::enqueue;
using crema::inDevice;
using crema::violation;
using namespace dnn;

namespace {

enum Kind { FORWARD, BACKWARD_DATA, BACKWARD_FILTER };
constexpr int ALGORITHMS = 2, KNOWN = 8;

struct Perf {
  int algo, status;
  float time;
  size_t memory;
  int determinism, mathType, reserved[3];
};
static_assert(sizeof(Perf) == 48);

int check(const Handle* h, const Tensor* x, const Tensor* w, const Convolution* c, const Tensor* y) {
  if (!h || !x || !w || !c || !y) return NULL_POINTER;
  if (contextError() || currentContext()->device != h->device) return EXECUTION_FAILED;
  if (x->type < 0 || x->type != w->type || x->type != y->type || c->computeType != x->computeType()) return BAD_PARAM;
  bool rows = x->packed() && y->packed() && w->packed();
  bool last = x->packedLast() && y->packedLast() && w->packedLast() && x->type != DOUBLE;
  if (!rows && !last) return NOT_SUPPORTED;
  bool fits = x->size[0] == y->size[0] && x->size[1] == w->size[1] * c->groups && y->size[1] == w->size[0] &&
              w->size[0] % c->groups == 0 &&
              y->size[2] == c->output(x->size[2], w->size[2], c->ph, c->sh, c->dh) &&
              y->size[3] == c->output(x->size[3], w->size[3], c->pw, c->sw, c->dw);
  return fits ? OK : BAD_PARAM;
}

// The columns of one image, as an im2col would have them, for all but the first algorithm.
size_t workspace(int algo, const Tensor& w, const Tensor& y) {
  return algo == 0 ? 0 : size_t(w.size[1]) * w.size[2] * w.size[3] * y.size[2] * y.size[3] * w.elementBytes();
}

int workspaceSize(const Handle* h, const Tensor* x, const Tensor* w, const Convolution* c, const Tensor* y, int algo,
                  size_t* bytes) {
  if (int bad = check(h, x, w, c, y)) return bad;
  if (algo < 0 || algo >= KNOWN) return BAD_PARAM;
  if (algo >= ALGORITHMS) return NOT_SUPPORTED;
  *bytes = workspace(algo, *w, *y);
  return OK;
}

// The algorithms that there are, best first, then those that are not, with their status.
int algorithms(Kind kind, const Handle* h, const Tensor* x, const Tensor* w, const Convolution* c, const Tensor* y,
               int wanted, int* returned, Perf* perf, bool measured) {
  if (int bad = check(h, x, w, c, y)) return bad;
  if (wanted < 1 || !returned || !perf) return BAD_PARAM;
  *returned = std::min(wanted, 4);
  for (int i = 0; i < *returned; i++) {
    bool there = i < ALGORITHMS;
    memset(&perf[i], 0, sizeof(Perf));
    perf[i].algo = i;
    perf[i].status = there ? OK : NOT_SUPPORTED;
    perf[i].time = there && measured ? 0.01f * float(i + 1) : -1;
    perf[i].memory = there ? workspace(i, *w, *y) : 0;
    perf[i].determinism = kind == FORWARD || i > 0;
  }
  return OK;
}

struct Operand {
  const Tensor* tensor;
  uint64_t address;
};

bool inMemory(std::initializer_list<Operand> operands) {
  for (auto& o : operands)
    if (!inDevice(o.address, o.tensor->bytes())) {
      violation("cuDNN: an operand reaches outside of device memory that is allocated");
      return false;
    }
  return true;
}

// A copy of the elements in row-major order, as numbers of the type W that adds up.
template <class W, class T>
std::vector<W> numbers(uint64_t address, const Tensor& t) {
  auto from = reinterpret_cast<const T*>(address);
  if (t.packed()) return std::vector<W>(from, from + t.elements());
  std::vector<W> copy(t.elements());
  for (size_t i = 0; i < copy.size(); i++) copy[i] = W(from[t.place(i)]);
  return copy;
}

template <class T, class W = T>
int launch(Kind kind, Handle* h, const Problem<W>& problem, const void* alpha, uint64_t a, uint64_t b, int algo,
           uint64_t space, size_t needed, const void* beta, uint64_t to) {
  static unsigned runs = 0;
  W al = *static_cast<const W*>(alpha), be = *static_cast<const W*>(beta);
  int rc = enqueue(h->stream, [=] {
    if (needed) memset(reinterpret_cast<void*>(space), 0xEE, needed);
    const Tensor& result = kind == FORWARD ? problem.y : kind == BACKWARD_DATA ? problem.x : problem.w;
    auto pa = numbers<W, T>(a, kind == BACKWARD_DATA ? problem.w : problem.x);
    auto pb = numbers<W, T>(b, kind == FORWARD ? problem.w : problem.y);
    std::vector<W> sums(result.elements());
    if (kind == FORWARD) problem.forward(pa.data(), pb.data(), sums.data());
    if (kind == BACKWARD_DATA) problem.backwardData(pa.data(), pb.data(), sums.data());
    bool lastFirst = algo == 0 ? ++runs % 2 : !result.packed();  // channels-last has roundings of its own
    if (kind == BACKWARD_FILTER) problem.backwardFilter(pa.data(), pb.data(), sums.data(), lastFirst);
    T* out = reinterpret_cast<T*>(to);
    for (size_t i = 0; i < sums.size(); i++) {
      T& y = out[result.packed() ? i : result.place(i)];
      y = T(be == 0 ? al * sums[i] : al * sums[i] + be * y);
    }
    return 0;
  });
  return rc ? EXECUTION_FAILED : OK;
}

// y = activation(y + bias), behind the convolution that makes y.
template <class T, class W = T>
int addBias(Handle* h, const Tensor& y, const Activation& activation, uint64_t bias, uint64_t to) {
  int rc = enqueue(h->stream, [=] {
    auto b = reinterpret_cast<const T*>(bias);
    T* out = reinterpret_cast<T*>(to);
    size_t plane = size_t(y.size[2]) * y.size[3];
    for (size_t i = 0; i < y.elements(); i++) {
      T& result = out[y.place(i)];
      W v = W(result) + W(b[i / plane % y.size[1]]);
      bool negative = activation.propagatesNan ? v < 0 : !(v > 0);
      result = T(activation.mode == RELU && negative ? W(0) : v);
    }
    return 0;
  });
  return rc ? EXECUTION_FAILED : OK;
}

// a and b are what is multiplied, in the order of cuDNN's arguments.
int convolve(Kind kind, Handle* h, const Tensor* x, const Tensor* w, const Convolution* c, const Tensor* y,
             const void* alpha, uint64_t a, uint64_t b, int algo, uint64_t space, size_t spaceBytes, const void* beta,
             uint64_t to) {
  size_t needed = 0;
  if (int bad = workspaceSize(h, x, w, c, y, algo, &needed)) return bad;
  if (!alpha || !beta) return NULL_POINTER;
  const Tensor *ta = kind == BACKWARD_DATA ? w : x, *tb = kind == FORWARD ? w : y;
  const Tensor* result = kind == FORWARD ? y : kind == BACKWARD_DATA ? x : w;
  if (!inMemory({{ta, a}, {tb, b}, {result, to}})) return BAD_PARAM;
  if (needed > spaceBytes || (needed && !inDevice(space, spaceBytes))) return BAD_PARAM;
  switch (x->type) {
    case DOUBLE: return launch<double>(kind, h, {*x, *w, *y, *c}, alpha, a, b, algo, space, needed, beta, to);
    case HALF: return launch<F16, float>(kind, h, {*x, *w, *y, *c}, alpha, a, b, algo, space, needed, beta, to);
    case BFLOAT16: return launch<BF16, float>(kind, h, {*x, *w, *y, *c}, alpha, a, b, algo, space, needed, beta, to);
    default: return launch<float>(kind, h, {*x, *w, *y, *c}, alpha, a, b, algo, space, needed, beta, to);
  }
}

}  // namespace

extern "C" {

int cudnnGetConvolution2dForwardOutputDim(const Convolution* c, const Tensor* x, const Tensor* w, int* n, int* channels,
                                          int* height, int* width) {
  CREMA_CALL();
  if (!c || !x || !w) return NULL_POINTER;
  *n = x->size[0];
  *channels = w->size[0];
  *height = c->output(x->size[2], w->size[2], c->ph, c->sh, c->dh);
  *width = c->output(x->size[3], w->size[3], c->pw, c->sw, c->dw);
  return OK;
}

int cudnnGetConvolutionForwardAlgorithmMaxCount(Handle*, int* n) {
  CREMA_CALL();
  return *n = KNOWN, OK;
}

int cudnnGetConvolutionBackwardDataAlgorithmMaxCount(Handle*, int* n) {
  CREMA_CALL();
  return *n = 6, OK;
}

int cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(Handle*, int* n) {
  CREMA_CALL();
  return *n = 7, OK;
}

int cudnnGetConvolutionForwardAlgorithm_v7(Handle* h, Tensor* x, Tensor* w, Convolution* c, Tensor* y, int wanted,
                                           int* returned, Perf* perf) {
  CREMA_CALL();
  return algorithms(FORWARD, h, x, w, c, y, wanted, returned, perf, false);
}

int cudnnGetConvolutionBackwardDataAlgorithm_v7(Handle* h, Tensor* w, Tensor* gy, Convolution* c, Tensor* gx,
                                                int wanted, int* returned, Perf* perf) {
  CREMA_CALL();
  return algorithms(BACKWARD_DATA, h, gx, w, c, gy, wanted, returned, perf, false);
}

int cudnnGetConvolutionBackwardFilterAlgorithm_v7(Handle* h, Tensor* x, Tensor* gy, Convolution* c, Tensor* gw,
                                                  int wanted, int* returned, Perf* perf) {
  CREMA_CALL();
  return algorithms(BACKWARD_FILTER, h, x, gw, c, gy, wanted, returned, perf, false);
}

int cudnnFindConvolutionForwardAlgorithm(Handle* h, Tensor* x, Tensor* w, Convolution* c, Tensor* y, int wanted,
                                         int* returned, Perf* perf) {
  CREMA_CALL();
  return algorithms(FORWARD, h, x, w, c, y, wanted, returned, perf, true);
}

int cudnnFindConvolutionBackwardDataAlgorithm(Handle* h, Tensor* w, Tensor* gy, Convolution* c, Tensor* gx, int wanted,
                                              int* returned, Perf* perf) {
  CREMA_CALL();
  return algorithms(BACKWARD_DATA, h, gx, w, c, gy, wanted, returned, perf, true);
}

int cudnnFindConvolutionBackwardFilterAlgorithm(Handle* h, Tensor* x, Tensor* gy, Convolution* c, Tensor* gw,
                                                int wanted, int* returned, Perf* perf) {
  CREMA_CALL();
  return algorithms(BACKWARD_FILTER, h, x, gw, c, gy, wanted, returned, perf, true);
}

int cudnnGetConvolutionForwardWorkspaceSize(Handle* h, Tensor* x, Tensor* w, Convolution* c, Tensor* y, int algo,
                                            size_t* bytes) {
  CREMA_CALL();
  return workspaceSize(h, x, w, c, y, algo, bytes);
}

int cudnnGetConvolutionBackwardDataWorkspaceSize(Handle* h, Tensor* w, Tensor* gy, Convolution* c, Tensor* gx, int algo,
                                                 size_t* bytes) {
  CREMA_CALL();
  return workspaceSize(h, gx, w, c, gy, algo, bytes);
}

int cudnnGetConvolutionBackwardFilterWorkspaceSize(Handle* h, Tensor* x, Tensor* gy, Convolution* c, Tensor* gw,
                                                   int algo, size_t* bytes) {
  CREMA_CALL();
  return workspaceSize(h, x, gw, c, gy, algo, bytes);
}

int cudnnConvolutionForward(Handle* h, const void* alpha, Tensor* x, uint64_t px, Tensor* w, uint64_t pw, Convolution* c,
                            int algo, uint64_t space, size_t bytes, const void* beta, Tensor* y, uint64_t py) {
  CREMA_CALL();
  return convolve(FORWARD, h, x, w, c, y, alpha, px, pw, algo, space, bytes, beta, py);
}

// As on a GPU, an identity goes with one algorithm alone; and groups are not supported here, so that callers must have
// another way.
int cudnnConvolutionBiasActivationForward(Handle* h, const void* alpha, Tensor* x, uint64_t px, Tensor* w, uint64_t pw,
                                          Convolution* c, int algo, uint64_t space, size_t bytes, const void* alpha2,
                                          Tensor* z, uint64_t pz, Tensor* bias, uint64_t pb, Activation* activation,
                                          Tensor* y, uint64_t py) {
  CREMA_CALL();
  if (int bad = check(h, x, w, c, y)) return bad;
  if (!alpha || !alpha2 || !z || !pz || !bias || !activation) return NULL_POINTER;
  if (bias->type != y->type || bias->size[1] != y->size[1] || bias->elements() != size_t(y->size[1])) return BAD_PARAM;
  if (!inMemory({{bias, pb}})) return BAD_PARAM;
  bool plain = y->type == DOUBLE ? *static_cast<const double*>(alpha2) == 0 : *static_cast<const float*>(alpha2) == 0;
  if (!plain || c->groups > 1 || (activation->mode == IDENTITY && algo != 1)) return NOT_SUPPORTED;
  const double zero[] = {0};  // the same bits for either type
  if (int bad = convolve(FORWARD, h, x, w, c, y, alpha, px, pw, algo, space, bytes, zero, py)) return bad;
  switch (y->type) {
    case DOUBLE: return addBias<double>(h, *y, *activation, pb, py);
    case HALF: return addBias<F16, float>(h, *y, *activation, pb, py);
    case BFLOAT16: return addBias<BF16, float>(h, *y, *activation, pb, py);
    default: return addBias<float>(h, *y, *activation, pb, py);
  }
}

int cudnnConvolutionBackwardData(Handle* h, const void* alpha, Tensor* w, uint64_t pw, Tensor* gy, uint64_t pgy,
                                 Convolution* c, int algo, uint64_t space, size_t bytes, const void* beta, Tensor* gx,
                                 uint64_t pgx) {
  CREMA_CALL();
  return convolve(BACKWARD_DATA, h, gx, w, c, gy, alpha, pw, pgy, algo, space, bytes, beta, pgx);
}

int cudnnConvolutionBackwardFilter(Handle* h, const void* alpha, Tensor* x, uint64_t px, Tensor* gy, uint64_t pgy,
                                   Convolution* c, int algo, uint64_t space, size_t bytes, const void* beta, Tensor* gw,
                                   uint64_t pgw) {
  CREMA_CALL();
  return convolve(BACKWARD_FILTER, h, x, gw, c, gy, alpha, px, pgy, algo, space, bytes, beta, pgw);
}
}
