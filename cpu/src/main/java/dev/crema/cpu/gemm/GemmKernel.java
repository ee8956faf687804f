package dev.crema.cpu.gemm;

import dev.crema.cpu.memory.BufferPool;
import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

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
  /** Elements of b that are taken to stay in the L2 cache. */
  int CACHED = 128 * 1024;

  /** The kernel of f32 or f64. */
  static GemmKernel of(DType dtype) {
    return dtype == DType.F32 ? FloatKernel.INSTANCE : DoubleKernel.INSTANCE;
  }

  DType dtype();

  /** The register tiles. */
  Tiles tiles();

  /** Rows of the largest register tile, and of a panel of a. */
  default int mr() {
    return tiles().maxRows();
  }

  /** Columns of the largest register tile, and of a panel of b. */
  default int nr() {
    return tiles().maxColumns();
  }

  /**
   * k is summed in blocks of this many: the longer, the fewer passes over c. A tile of many rows
   * reads b seldom enough to have it from the L2 cache; for one of few, its panel stays in L1.
   */
  default int kc() {
    return mr() >= 8 ? 512 : 256;
  }

  /** Rows of a packed block of a, which stays in the L2 cache: a multiple of every tile's rows. */
  default int mc() {
    return 120;
  }

  /** Elements of a vector; 1 in scalar mode. */
  default int lanes() {
    return tiles().lanes();
  }

  /**
   * Packs rows of a or columns of b, as {@link FloatPacking#pack}.
   *
   * @param cs how far apart the rows (columns) are
   * @param ks how far apart a row's (column's) elements are
   * @param width {@link #mr} or {@link #nr}
   */
  void pack(Object x, int xo, int cs, int ks, int count, int k, int width, Object to, int at);

  /**
   * c[m][n] = a·b, both packed, plus c if it is to accumulate, on top of a bias for each row if
   * there is one, and negative results 0 if asked for.
   */
  default void multiply(
      Object pa,
      int ap,
      Object pb,
      int bp,
      int m,
      int n,
      int k,
      @Nullable Object bias,
      int biasAt,
      boolean accumulate,
      boolean relu,
      Object c,
      int co,
      int ldc) {
    int whole = n - n % nr();
    int band = band(m, n, k);
    for (int i = 0; i < m; i += band) {
      int rows = Math.min(band, m - i);
      for (int j = 0; j < whole; j += nr()) {
        column(
            pa,
            ap + i * k,
            pb,
            bp + j * k,
            Tile.NO_ROWS,
            0,
            rows,
            nr(),
            k,
            bias,
            biasAt + i,
            accumulate,
            relu,
            c,
            co + i * ldc + j,
            ldc);
      }
    }
    if (whole < n) {
      int at = bp + whole * k;
      edge(pa, ap, pb, at, m, n - whole, k, bias, biasAt, accumulate, relu, c, co + whole, ldc);
    }
  }

  /**
   * How many rows of c are done at a time. While b stays in the L2 cache it is read anew for every
   * row of tiles: then c is written along its rows, which the hardware fetches ahead. Else b passes
   * once, a panel at a time.
   */
  private int band(int m, int n, int k) {
    return (long) n * k <= CACHED ? mr() : Math.max(1, m);
  }

  /**
   * The same for rows of b that lie anywhere in an array: row p's n elements, a multiple of the
   * lanes, from bo + rows[rowAt + p] on.
   */
  default void multiplyRows(
      Object pa,
      int ap,
      Object b,
      int bo,
      int[] rows,
      int rowAt,
      int m,
      int n,
      int k,
      @Nullable Object bias,
      int biasAt,
      boolean accumulate,
      boolean relu,
      Object c,
      int co,
      int ldc) {
    int width = tiles().columns(m);
    for (int i = 0; i < m; i += mc()) {
      int high = Math.min(mc(), m - i);
      int at = co + i * ldc;
      for (int j = 0; j < n; j += width) {
        int wide = Math.min(width, n - j);
        column(
            pa,
            ap + i * k,
            b,
            bo + j,
            rows,
            rowAt,
            high,
            wide,
            k,
            bias,
            biasAt + i,
            accumulate,
            relu,
            c,
            at + j,
            ldc);
      }
    }
  }

  /** One tile above the other. Rows of b are indexed unless they are {@link Tile#NO_ROWS}. */
  private void column(
      Object pa,
      int ap,
      Object b,
      int bo,
      int[] rows,
      int rowAt,
      int m,
      int columns,
      int k,
      @Nullable Object bias,
      int biasAt,
      boolean accumulate,
      boolean relu,
      Object c,
      int co,
      int ldc) {
    boolean indexed = rows != Tile.NO_ROWS;
    boolean biased = bias != null;
    Object start = bias == null ? c : bias;
    for (int i = 0; i < m; i += mr()) {
      tiles()
          .of(Math.min(mr(), m - i), columns, indexed, biased, accumulate, relu)
          .run(pa, ap + i * k, b, bo, rows, rowAt, k, c, co + i * ldc, ldc, start, biasAt + i);
    }
  }

  /** The last columns, fewer than a tile has: through scratch. */
  private void edge(
      Object pa,
      int ap,
      Object pb,
      int bp,
      int m,
      int columns,
      int k,
      @Nullable Object bias,
      int biasAt,
      boolean accumulate,
      boolean relu,
      Object c,
      int co,
      int ldc) {
    int width = Gemm.roundUp(columns, lanes());
    Object scratch = BufferPool.shared().take(dtype(), (long) m * width);
    column(
        pa,
        ap,
        pb,
        bp,
        Tile.NO_ROWS,
        0,
        m,
        width,
        k,
        bias,
        biasAt,
        false,
        false,
        scratch,
        0,
        width);
    put(scratch, width, m, columns, accumulate, relu, c, co, ldc);
    BufferPool.shared().give(scratch);
  }

  /**
   * c[m][n] = x, whose rows are {@code ldx} apart, plus c if it is to accumulate, and negative
   * results 0 if asked for.
   */
  void put(
      Object x, int ldx, int m, int n, boolean accumulate, boolean relu, Object c, int co, int ldc);

  /** c[m][n] = xᵀ, where x is n rows of m. */
  void turn(Object x, int m, int n, Object c, int co, int ldc);

  /** {@link #multiply} without bias and ReLU. */
  default void multiply(
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
      int ldc) {
    multiply(pa, ap, pb, bp, m, n, k, null, 0, accumulate, false, c, co, ldc);
  }

  /**
   * c[m][n] += a·b for a few last elements of dot products, one by one: rows of a and columns of b
   * have their elements side by side.
   */
  void addDots(
      int m,
      int n,
      int k,
      Object a,
      int ao,
      int ars,
      Object b,
      int bo,
      int bcs,
      Object c,
      int co,
      int ldc);

  /**
   * Copies a row of b to its place in each panel, as {@link #pack} does row by row.
   *
   * @param panel how far apart the panels are
   */
  void scatter(Object x, int xo, int count, Object to, int at, int panel);

  /** {@link #multiply}, with a packed as a whole: in blocks of mc rows. */
  default void blocks(
      Object pa,
      int ap,
      Object pb,
      int bp,
      int m,
      int n,
      int k,
      @Nullable Object bias,
      int biasAt,
      boolean accumulate,
      boolean relu,
      Object c,
      int co,
      int ldc) {
    for (int i = 0; i < m; i += mc()) {
      int rows = Math.min(mc(), m - i);
      int at = co + i * ldc;
      multiply(pa, ap + i * k, pb, bp, rows, n, k, bias, biasAt + i, accumulate, relu, c, at, ldc);
    }
  }

  /**
   * c[m][n] += {@link Outer outer products} of m rows of a, each some lines of points, with a
   * packed b.
   *
   * @param rows where in a each row is, from ao on
   * @param pitch how far apart a row's lines are
   * @param n columns, a multiple of the lanes
   */
  default void outer(
      Object a,
      int ao,
      int[] rows,
      int m,
      int lines,
      int points,
      int pitch,
      Object pb,
      int bp,
      int n,
      Object c,
      int co,
      int ldc) {
    for (int i = 0; i < m; i += mr()) {
      int r = Math.min(mr(), m - i);
      for (int j = 0; j < n; j += nr()) {
        int at = co + i * ldc + j;
        int panel = bp + j * lines * points;
        tiles()
            .outer(r, Math.min(nr(), n - j))
            .run(a, ao, rows, i, lines, points, pitch, pb, panel, c, at, ldc);
      }
    }
  }

  /**
   * Dot products of m rows of a with n rows of b that lie anywhere, {@link Dots lane by lane}: each
   * tile's sums lie together, in the order that {@link #addLanes} reads, and grow.
   *
   * @param length elements of a row, a multiple of the lanes
   */
  default void dotRows(
      Object a,
      int ao,
      int lda,
      Object b,
      int bo,
      int[] rows,
      int m,
      int n,
      int length,
      Object sums,
      int so) {
    int high = tiles().maxDotsRows();
    for (int i = 0; i < m; i += high) {
      int r = Math.min(high, m - i);
      int wide = tiles().dotsColumns(r);
      for (int j = 0; j < n; j += wide) {
        int c = Math.min(wide, n - j);
        tiles().dots(r, c).run(a, ao + i * lda, lda, b, bo, rows, j, length, sums, so);
        so += r * c * lanes();
      }
    }
  }

  /** c[m][n] = the sums of {@link #dotRows}, lane after lane. */
  default void addLanes(Object sums, int so, int m, int n, Object c, int co, int ldc) {
    int high = tiles().maxDotsRows();
    for (int i = 0; i < m; i += high) {
      int r = Math.min(high, m - i);
      int wide = tiles().dotsColumns(r);
      for (int j = 0; j < n; j += wide) {
        int width = Math.min(wide, n - j);
        for (int row = 0; row < r; row++) {
          addLanes(sums, so, width, c, co + (i + row) * ldc + j);
          so += width * lanes();
        }
      }
    }
  }

  /** c[n] = the sum of each n's lanes. */
  void addLanes(Object sums, int so, int n, Object c, int co);

  /** c[n] += a·b for one row a, where the rows of b have their elements side by side. */
  void axpy(Object a, int ao, int acs, Object b, int bo, int brs, int n, int k, Object c, int co);

  /** c[m][n] = 0. */
  void clear(Object c, int co, int ldc, int m, int n);
}
