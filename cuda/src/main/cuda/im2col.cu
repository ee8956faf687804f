// Convolution as a product: the column matrix [channels·kh·kw, oh·ow] of an image has below each output pixel what
// the kernel sees there, zeros where it sees padding. Channels of all groups and of several images follow
// one another, so that group g's matrix of image n is one block of it. A thread makes one element of the
// matrix; backwards, one pixel of the image, from the columns that have it, always in the same order.
#include "crema.cuh"

struct Window {
  unsigned n;  // threads
  int ih, iw;
  Divisor oh, ow, kh, kw;
  int sh, sw, pt, pl, dh, dw;
};

template <class T>
__device__ void im2col(const Window& p, const T* x, T* columns) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  unsigned rest = p.ow.quotient(i);
  int ow = i - rest * p.ow.d;
  unsigned row = p.oh.quotient(rest);
  int oh = rest - row * p.oh.d;
  rest = p.kw.quotient(row);
  int kw = row - rest * p.kw.d;
  unsigned channel = p.kh.quotient(rest);
  int kh = rest - channel * p.kh.d;
  int ih = oh * p.sh - p.pt + kh * p.dh, iw = ow * p.sw - p.pl + kw * p.dw;
  bool inside = ih >= 0 && ih < p.ih && iw >= 0 && iw < p.iw;
  columns[i] = inside ? x[(i64(channel) * p.ih + ih) * p.iw + iw] : T(0);
}

template <class T>
__device__ void col2im(const Window& p, const T* columns, T* x) {
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  if (i >= p.n) return;
  unsigned row = i / p.iw, channel = row / p.ih;
  int iw = i - row * p.iw + p.pl, ih = row - channel * p.ih + p.pt;
  int oh = p.oh.d, ow = p.ow.d, kernelH = p.kh.d, kernelW = p.kw.d;
  T sum = T(0);
  for (int kh = 0; kh < kernelH; kh++) {
    int h = ih - kh * p.dh;
    if (h < 0 || h % p.sh != 0 || h / p.sh >= oh) continue;
    for (int kw = 0; kw < kernelW; kw++) {
      int w = iw - kw * p.dw;
      if (w < 0 || w % p.sw != 0 || w / p.sw >= ow) continue;
      sum += columns[(((i64(channel) * kernelH + kh) * kernelW + kw) * oh + h / p.sh) * ow + w / p.sw];
    }
  }
  x[i] = sum;
}

KERNEL im2col_f32(Window p, const float* x, float* columns) { im2col(p, x, columns); }
KERNEL im2col_f64(Window p, const double* x, double* columns) { im2col(p, x, columns); }
KERNEL col2im_f32(Window p, const float* columns, float* x) { col2im(p, columns, x); }
KERNEL col2im_f64(Window p, const double* columns, double* x) { col2im(p, columns, x); }
