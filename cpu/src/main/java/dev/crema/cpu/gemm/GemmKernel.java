package dev.crema.cpu.gemm;

import dev.crema.tensor.DType;

/**
 * What {@link Gemm}, and convolution on top of it, need of one element type: the tile's size,
 * packing, and the inner loops. Arrays are {@code Object}s here, {@code float[]} or {@code
 * double[]} inside, so that everything above is written once. Each method does enough work that the
 * cast and the call do not show.
 *
 * <p>Every element of c is the sum over k in an order that only k and the method decide, never
 * where the element lies in a block: so a result may be cut anywhere without changing a bit.
 */
public sealed interface GemmKernel permits FloatKernel, DoubleKernel {

  /** The kernel of f32 or f64. */
  static GemmKernel of(DType dtype) {
    return dtype == DType.F32 ? FloatKernel.INSTANCE : DoubleKernel.INSTANCE;
  }

  DType dtype();

  /** Rows of the register tile. */
  int mr();

  /** Columns of the register tile. */
  int nr();

  /** k is summed in blocks of this many: a panel of b then stays in the L1 cache. */
  default int kc() {
    return 256;
  }

  /** Rows of a packed block of a, which stays in the L2 cache: a multiple of every tile's rows. */
  default int mc() {
    return 120;
  }

  /** Elements of a vector; 1 in scalar mode. */
  int lanes();

  /**
   * Packs rows of a or columns of b, as {@link FloatPacking#pack}.
   *
   * @param cs how far apart the rows (columns) are
   * @param ks how far apart a row's (column's) elements are
   * @param width {@link #mr} or {@link #nr}
   */
  void pack(Object x, int xo, int cs, int ks, int count, int k, int width, Object to, int at);

  /**
   * c[m][n] = a·b, both packed, plus c if it is to accumulate.
   *
   * @param edge scratch for a tile that sticks out of c: mr·nr elements from {@code eo}
   */
  void tiles(
      Object pa,
      int ap,
      Object pb,
      int bp,
      int m,
      int n,
      int k,
      boolean accumulate,
      Object c,
      int co,
      int ldc,
      Object edge,
      int eo);

  /**
   * c[m][n] += a·b, where the rows of a and the columns of b have their elements side by side: dot
   * products, nothing packed.
   *
   * @param sums scratch: 8·lanes elements from {@code so}
   */
  void dots(
      Object a,
      int ao,
      int ars,
      Object b,
      int bo,
      int bcs,
      int m,
      int n,
      int k,
      Object c,
      int co,
      int ldc,
      Object sums,
      int so);

  /**
   * Copies a row of b to its place in each panel, as {@link #pack} does row by row.
   *
   * @param panel how far apart the panels are
   */
  void scatter(Object x, int xo, int count, Object to, int at, int panel);

  /** {@link #tiles}, with a packed as a whole: in blocks of mc rows. */
  default void blocks(
      Object pa,
      int ap,
      Object pb,
      int bp,
      int m,
      int n,
      int k,
      boolean accumulate,
      Object c,
      int co,
      int ldc,
      Object edge,
      int eo) {
    for (int i = 0; i < m; i += mc()) {
      int rows = Math.min(mc(), m - i);
      tiles(pa, ap + i * k, pb, bp, rows, n, k, accumulate, c, co + i * ldc, ldc, edge, eo);
    }
  }

  /** c[n] += a·b for one row a, where the rows of b have their elements side by side. */
  void axpy(Object a, int ao, int acs, Object b, int bo, int brs, int n, int k, Object c, int co);

  /** c[m][n] = 0. */
  void clear(Object c, int co, int ldc, int m, int n);
}
