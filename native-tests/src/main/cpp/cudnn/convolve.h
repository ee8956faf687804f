// The three products of a convolution, as plain loops: y = x ⋆ w, and its adjoints. Each adds up in T: the tensors' own type, or float,
// for each (oc, ic, kh, kw) over a row of the output at a time.
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include "descriptors.h"

namespace dnn {

template <class T>
struct Problem {
  Tensor x, w, y;
  Convolution c;

  // Calls f(oc, ic, channel of x, kh, kw) for every element of w.
  template <class F>
  void eachWeight(F f) const {
    int icPerGroup = w.size[1], ocPerGroup = w.size[0] / c.groups;
    for (int oc = 0; oc < w.size[0]; oc++)
      for (int ic = 0; ic < icPerGroup; ic++)
        for (int kh = 0; kh < w.size[2]; kh++)
          for (int kw = 0; kw < w.size[3]; kw++) f(oc, ic, oc / ocPerGroup * icPerGroup + ic, kh, kw);
  }

  // Calls f(offset in the plane of y, offset in that of x, length) for each run of outputs in a row that an element of w
  // reaches an input for; both go on by 1 and c.sw.
  template <class F>
  void eachRun(int kh, int kw, F f) const {
    int from = 0, to = y.size[3];
    while (from < to && from * c.sw - c.pw + kw * c.dw < 0) from++;
    while (from < to && (to - 1) * c.sw - c.pw + kw * c.dw >= x.size[3]) to--;
    for (int oh = 0; oh < y.size[2] && from < to; oh++) {
      int ih = oh * c.sh - c.ph + kh * c.dh;
      if (ih < 0 || ih >= x.size[2]) continue;
      f(size_t(oh) * y.size[3] + from, size_t(ih) * x.size[3] + from * c.sw - c.pw + kw * c.dw, to - from);
    }
  }

  size_t plane(const Tensor& t, int n, int channel) const {
    return (size_t(n) * t.size[1] + channel) * t.size[2] * t.size[3];
  }
  size_t weight(int oc, int ic, int kh, int kw) const {
    return ((size_t(oc) * w.size[1] + ic) * w.size[2] + kh) * w.size[3] + kw;
  }

  void forward(const T* px, const T* pw, T* out) const {
    for (int n = 0; n < x.size[0]; n++)
      eachWeight([&](int oc, int ic, int channel, int kh, int kw) {
        T f = pw[weight(oc, ic, kh, kw)];
        const T* from = px + plane(x, n, channel);
        T* to = out + plane(y, n, oc);
        eachRun(kh, kw, [&](size_t oy, size_t ox, int length) {
          for (int i = 0; i < length; i++) to[oy + i] += f * from[ox + size_t(i) * c.sw];
        });
      });
  }

  void backwardData(const T* pw, const T* gy, T* out) const {
    for (int n = 0; n < x.size[0]; n++)
      eachWeight([&](int oc, int ic, int channel, int kh, int kw) {
        T f = pw[weight(oc, ic, kh, kw)];
        T* to = out + plane(x, n, channel);
        const T* from = gy + plane(y, n, oc);
        eachRun(kh, kw, [&](size_t oy, size_t ox, int length) {
          for (int i = 0; i < length; i++) to[ox + size_t(i) * c.sw] += f * from[oy + i];
        });
      });
  }

  // The images in this order or the other, which gives other roundings.
  void backwardFilter(const T* px, const T* gy, T* out, bool lastFirst) const {
    for (int k = 0; k < x.size[0]; k++) {
      int n = lastFirst ? x.size[0] - 1 - k : k;
      eachWeight([&](int oc, int ic, int channel, int kh, int kw) {
        T sum = 0;
        const T *a = px + plane(x, n, channel), *b = gy + plane(y, n, oc);
        eachRun(kh, kw, [&](size_t oy, size_t ox, int length) {
          T row = 0;
          for (int i = 0; i < length; i++) row += a[ox + size_t(i) * c.sw] * b[oy + i];
          sum += row;
        });
        out[weight(oc, ic, kh, kw)] += sum;
      });
    }
  }
};

}  // namespace dnn
