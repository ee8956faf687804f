// What cuDNN's descriptors hold.
#pragma once
#include <cstdint>

#include "../driver/context.h"

namespace dnn {

enum DataType { FLOAT = 0, DOUBLE = 1, HALF = 2, BFLOAT16 = 9 };
enum Format { NCHW = 0, NHWC = 1 };
enum Mode { CONVOLUTION = 0, CROSS_CORRELATION = 1 };

struct Handle {
  int device;
  crema::Stream* stream;
};

// Sizes and strides in the order n, c, h, w; for a filter oc, ic, kh, kw.
struct Tensor {
  int type = -1;
  int size[4] = {}, stride[4] = {};

  size_t elementBytes() const { return type == DOUBLE ? 8 : type == FLOAT ? 4 : 2; }
  // What products of this type add up in.
  int computeType() const { return type == DOUBLE ? DOUBLE : FLOAT; }
  size_t elements() const { return size_t(size[0]) * size[1] * size[2] * size[3]; }
  // From the first element to behind the last.
  size_t bytes() const {
    size_t last = 1;
    for (int i = 0; i < 4; i++) last += size_t(size[i] - 1) * stride[i];
    return elements() ? last * elementBytes() : 0;
  }
  bool packed() const {
    return stride[3] == 1 && stride[2] == size[3] && stride[1] == size[2] * size[3] && stride[0] == size[1] * stride[1];
  }
  bool packedLast() const {
    return stride[1] == 1 && stride[3] == size[1] && stride[2] == size[3] * stride[3] && stride[0] == size[2] * stride[2];
  }
  // Where element i lies, counted row-major.
  size_t place(size_t i) const {
    size_t at = 0;
    for (int d = 3; d >= 0; i /= size[d--]) at += i % size[d] * stride[d];
    return at;
  }
};

struct Convolution {
  int ph = 0, pw = 0, sh = 1, sw = 1, dh = 1, dw = 1;
  int mode = -1, computeType = -1, groups = 1, mathType = 0;

  int output(int input, int kernel, int padding, int stride, int dilation) const {
    return (input + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
  }
};

enum ActivationMode { RELU = 1, IDENTITY = 5 };

struct Activation {
  int mode = -1, propagatesNan = 0;
};

}  // namespace dnn
