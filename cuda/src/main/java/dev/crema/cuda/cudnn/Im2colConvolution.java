package dev.crema.cuda.cudnn;

import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.Scratch;
import dev.crema.cuda.cublas.Blas;
import dev.crema.cuda.cublas.Matrix;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.cuda.kernel.Cast;
import dev.crema.cuda.kernel.Im2col;
import dev.crema.tensor.DType;
import dev.crema.tensor.UnsupportedOpException;

/**
 * Convolution as products: an image's windows become the columns of a matrix [ic·kh·kw, oh·ow], of
 * which each group has its rows; y = w·columns. Some images at a time, as many as fit the scratch
 * that this may use. Per image the products of all groups go in one call, or, with one group, those
 * of all images at hand. Convolutions of f16 and bf16 are computed in f32, and rounded once.
 */
final class Im2colConvolution {
  private static final long SCRATCH = 256L << 20;

  private final CudaDevice d;
  private final Blas blas;
  private final Conv2dPlan p;
  private final long bytes;

  /** Of one group: rows of the columns matrix, its columns, and channels of y. */
  private final int k;

  private final int pixels;
  private final int ocg;

  /** How far apart images are, in elements: of x, y and the columns. */
  private final long xStride;

  private final long yStride;
  private final long colStride;

  private Im2colConvolution(CudaDevice d, Conv2dPlan p) {
    this.d = d;
    this.blas = Blas.of(d);
    this.p = p;
    this.bytes = p.dtype().bytes();
    this.k = Math.multiplyExact(p.icPerGroup(), p.kh() * p.kw());
    this.pixels = p.oh() * p.ow();
    this.ocg = p.ocPerGroup();
    this.xStride = (long) p.ic() * p.ih() * p.iw();
    this.yStride = (long) p.oc() * pixels;
    this.colStride = (long) p.groups() * k * pixels;
  }

  /** Bytes that the columns of as many images as go at once take. */
  static long scratch(CudaDevice d, Conv2dPlan p) {
    var convolution = new Im2colConvolution(d, p);
    return convolution.imagesAtOnce() * convolution.colStride * convolution.bytes;
  }

  static void forward(CudaDevice d, Conv2dPlan p, View x, View w, View y) {
    if (p.dtype().isHalf()) {
      wide(d, x, w, y, (a, b, c) -> forward(d, p.as(DType.F32), a, b, c));
      return;
    }
    new Im2colConvolution(d, p)
        .forward(CudaBuffer.address(x), CudaBuffer.address(w), CudaBuffer.address(y));
  }

  static void backwardInput(CudaDevice d, Conv2dPlan p, View gy, View w, View gx) {
    if (p.dtype().isHalf()) {
      wide(d, gy, w, gx, (a, b, c) -> backwardInput(d, p.as(DType.F32), a, b, c));
      return;
    }
    new Im2colConvolution(d, p)
        .backwardInput(CudaBuffer.address(gy), CudaBuffer.address(w), CudaBuffer.address(gx));
  }

  static void backwardWeight(CudaDevice d, Conv2dPlan p, View x, View gy, View gw) {
    if (p.dtype().isHalf()) {
      wide(d, x, gy, gw, (a, b, c) -> backwardWeight(d, p.as(DType.F32), a, b, c));
      return;
    }
    new Im2colConvolution(d, p)
        .backwardWeight(CudaBuffer.address(x), CudaBuffer.address(gy), CudaBuffer.address(gw));
  }

  /** Two operands and a result. */
  private interface Wide {
    void run(View a, View b, View c);
  }

  /** Runs on copies in f32 of a and b, and rounds to c. */
  private static void wide(CudaDevice d, View a, View b, View c, Wide convolution) {
    try (Scratch wideA = Scratch.copyOf(d, a, DType.F32);
        Scratch wideB = Scratch.copyOf(d, b, DType.F32);
        Scratch wideC = new Scratch(d, DType.F32, c.shape())) {
      convolution.run(wideA.view(), wideB.view(), wideC.view());
      Cast.copy(d, PointwisePlan.of(c, wideC.view()), wideC.view(), c);
    }
  }

  private void forward(long x, long w, long y) {
    int atOnce = imagesAtOnce();
    try (CudaMemory columns = d.allocate(atOnce * colStride * bytes)) {
      for (int i = 0; i < p.n(); i += atOnce) {
        int images = Math.min(atOnce, p.n() - i);
        Im2col.im2col(d, p, channels(images), x + i * xStride * bytes, columns.address());
        products(images, w, columns.address(), y + i * yStride * bytes, false);
      }
    }
  }

  private void backwardInput(long gy, long w, long gx) {
    int atOnce = imagesAtOnce();
    try (CudaMemory columns = d.allocate(atOnce * colStride * bytes)) {
      for (int i = 0; i < p.n(); i += atOnce) {
        int images = Math.min(atOnce, p.n() - i);
        products(images, w, columns.address(), gy + i * yStride * bytes, true);
        Im2col.col2im(d, p, channels(images), columns.address(), gx + i * xStride * bytes);
      }
    }
  }

  private void backwardWeight(long x, long gy, long gw) {
    int atOnce = imagesAtOnce();
    try (CudaMemory columns = d.allocate(atOnce * colStride * bytes)) {
      for (int i = 0; i < p.n(); i += atOnce) {
        int images = Math.min(atOnce, p.n() - i);
        Im2col.im2col(d, p, channels(images), x + i * xStride * bytes, columns.address());
        for (int image = 0; image < images; image++) {
          long c = columns.address() + image * colStride * bytes;
          Matrix left =
              Matrix.dense(gy + (i + image) * yStride * bytes, pixels, (long) ocg * pixels);
          Matrix right = Matrix.dense(c, pixels, (long) k * pixels).t();
          boolean sum = i + image > 0;
          blas.gemm(p.dtype(), p.groups(), ocg, k, pixels, left, right, sum, gw, (long) ocg * k);
        }
      }
    }
  }

  /** y = w·columns for every image and group, or with {@code back} columns = wᵗ·y. */
  private void products(int images, long w, long columns, long y, boolean back) {
    boolean oneGroup = p.groups() == 1;
    int batch = oneGroup ? images : p.groups();
    long wStride = oneGroup ? 0 : (long) ocg * k;
    long cStride = oneGroup ? colStride : (long) k * pixels;
    long oStride = oneGroup ? yStride : (long) ocg * pixels;
    Matrix weight = Matrix.dense(w, k, wStride);
    for (int i = 0; i < (oneGroup ? 1 : images); i++) {
      long c = columns + i * colStride * bytes;
      long o = y + i * yStride * bytes;
      if (back) {
        Matrix right = Matrix.dense(o, pixels, oStride);
        blas.gemm(p.dtype(), batch, k, pixels, ocg, weight.t(), right, false, c, cStride);
      } else {
        Matrix right = Matrix.dense(c, pixels, cStride);
        blas.gemm(p.dtype(), batch, ocg, pixels, k, weight, right, false, o, oStride);
      }
    }
  }

  /** The column matrices of images lie one behind the other, as those of channels do. */
  private int channels(int images) {
    return images * p.ic();
  }

  private int imagesAtOnce() {
    if (colStride > Integer.MAX_VALUE) {
      throw new UnsupportedOpException(
          "conv2d: expected at most 2^31 - 1 elements in the column matrix of an image, got %s. Hint: cuDNN needs no such matrix; docs/cuda.md says where it is looked for"
              .formatted(colStride));
    }
    return Math.clamp(SCRATCH / (colStride * bytes), 1, p.n());
  }
}
