// The part of cuDNN 9 that Crema calls: handles and descriptors here, convolutions in convolution.cpp.
#include <cstdlib>

#include "../driver/capture.h"
#include "descriptors.h"
#include "status.h"

using crema::Call;
using crema::contextError;
using crema::count;
using crema::currentContext;
using crema::Stream;
using crema::streamOf;
using namespace dnn;

namespace {

template <class T>
int create(T** d, const char* kind) {
  if (!d) return NULL_POINTER;
  *d = new T();
  count(kind, 1);
  return OK;
}

template <class T>
int destroy(T* d, const char* kind) {
  if (!d) return OK;
  delete d;
  count(kind, -1);
  return OK;
}

int set(Tensor* d, int type, const int* size, const int* stride) {
  if (!d) return NULL_POINTER;
  if (type != FLOAT && type != DOUBLE && type != HALF && type != BFLOAT16) return NOT_SUPPORTED;
  for (int i = 0; i < 4; i++)
    if (size[i] < 1) return BAD_PARAM;
  d->type = type;
  for (int i = 0; i < 4; i++) {
    d->size[i] = size[i];
    d->stride[i] = stride[i];
  }
  return OK;
}

int set(Tensor* d, int type, int format, const int* size) {
  if (format != NCHW && format != NHWC) return NOT_SUPPORTED;
  int c = size[1], h = size[2], w = size[3];
  int rows[] = {c * h * w, h * w, w, 1}, last[] = {c * h * w, 1, w * c, c};
  return set(d, type, size, format == NCHW ? rows : last);
}

}  // namespace

extern "C" {

// What CUDA it is made for: a test may ask for another.
size_t cudnnGetCudartVersion() {
  const char* other = getenv("CREMA_TEST_CUDNN_CUDART");
  return other ? size_t(atol(other)) : 13000;
}

size_t cudnnGetVersion() {
  Call call(__func__);
  return 91400;
}

const char* cudnnGetErrorString(int status) {
  Call call(__func__);
  switch (status) {
    case OK: return "CUDNN_STATUS_SUCCESS";
    case NOT_INITIALIZED: return "CUDNN_STATUS_NOT_INITIALIZED";
    case BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
    case NULL_POINTER: return "CUDNN_STATUS_BAD_PARAM_NULL_POINTER";
    case NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
    case INTERNAL_ERROR: return "CUDNN_STATUS_INTERNAL_ERROR";
    case EXECUTION_FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
    default: return "CUDNN_UNKNOWN_STATUS";
  }
}

int cudnnCreate(Handle** h) {
  CREMA_CALL();
  if (contextError() || crema::unsafeCall()) return NOT_INITIALIZED;
  int device = currentContext()->device;
  *h = new Handle{device, streamOf(nullptr, device)};
  count("cuDNN handle", 1);
  return OK;
}

int cudnnDestroy(Handle* h) {
  CREMA_CALL();
  return destroy(h, "cuDNN handle");
}

int cudnnSetStream(Handle* h, void* stream) {
  CREMA_CALL();
  if (!h) return NULL_POINTER;
  Stream* s = streamOf(stream, h->device);
  if (!s) return BAD_PARAM;
  h->stream = s;
  return OK;
}

int cudnnCreateTensorDescriptor(Tensor** d) {
  CREMA_CALL();
  return create(d, "cuDNN descriptor");
}

int cudnnDestroyTensorDescriptor(Tensor* d) {
  CREMA_CALL();
  return destroy(d, "cuDNN descriptor");
}

int cudnnSetTensor4dDescriptor(Tensor* d, int format, int type, int n, int c, int h, int w) {
  CREMA_CALL();
  int size[] = {n, c, h, w};
  return set(d, type, format, size);
}

int cudnnSetTensor4dDescriptorEx(Tensor* d, int type, int n, int c, int h, int w, int sn, int sc, int sh, int sw) {
  CREMA_CALL();
  int size[] = {n, c, h, w}, stride[] = {sn, sc, sh, sw};
  return set(d, type, size, stride);
}

int cudnnCreateFilterDescriptor(Tensor** d) {
  CREMA_CALL();
  return create(d, "cuDNN descriptor");
}

int cudnnDestroyFilterDescriptor(Tensor* d) {
  CREMA_CALL();
  return destroy(d, "cuDNN descriptor");
}

int cudnnSetFilter4dDescriptor(Tensor* d, int type, int format, int oc, int ic, int kh, int kw) {
  CREMA_CALL();
  int size[] = {oc, ic, kh, kw};
  return set(d, type, format, size);
}

int cudnnCreateActivationDescriptor(Activation** d) {
  CREMA_CALL();
  return create(d, "cuDNN descriptor");
}

int cudnnDestroyActivationDescriptor(Activation* d) {
  CREMA_CALL();
  return destroy(d, "cuDNN descriptor");
}

int cudnnSetActivationDescriptor(Activation* d, int mode, int propagatesNan, double) {
  CREMA_CALL();
  if (!d) return NULL_POINTER;
  if (mode != RELU && mode != IDENTITY) return NOT_SUPPORTED;
  d->mode = mode;
  d->propagatesNan = propagatesNan;
  return OK;
}

int cudnnCreateConvolutionDescriptor(Convolution** d) {
  CREMA_CALL();
  return create(d, "cuDNN descriptor");
}

int cudnnDestroyConvolutionDescriptor(Convolution* d) {
  CREMA_CALL();
  return destroy(d, "cuDNN descriptor");
}

int cudnnSetConvolution2dDescriptor(Convolution* d, int ph, int pw, int sh, int sw, int dh, int dw, int mode,
                                    int computeType) {
  CREMA_CALL();
  if (!d) return NULL_POINTER;
  if (ph < 0 || pw < 0 || sh < 1 || sw < 1 || dh < 1 || dw < 1) return BAD_PARAM;
  if (mode != CROSS_CORRELATION) return NOT_SUPPORTED;
  d->ph = ph, d->pw = pw, d->sh = sh, d->sw = sw, d->dh = dh, d->dw = dw;
  d->mode = mode;
  d->computeType = computeType;
  return OK;
}

int cudnnSetConvolutionGroupCount(Convolution* d, int groups) {
  CREMA_CALL();
  if (!d) return NULL_POINTER;
  if (groups < 1) return BAD_PARAM;
  d->groups = groups;
  return OK;
}

int cudnnSetConvolutionMathType(Convolution* d, int type) {
  CREMA_CALL();
  if (!d) return NULL_POINTER;
  d->mathType = type;
  return OK;
}

int cudnnSetConvolutionReorderType(Convolution* d, int) {
  CREMA_CALL();
  return d ? OK : NULL_POINTER;
}
}
