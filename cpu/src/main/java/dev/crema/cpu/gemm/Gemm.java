package dev.crema.cpu.gemm;

import dev.crema.backend.MatMulPlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.tensor.DType;

/**
 * c = a·b, or c += a·b, of f32 or f64: a is m×k and b is k×n at any strides (a transposed operand
 * is read in place), c is m×n with rows {@code ldc} apart.
 *
 * <p>Three paths, by shape alone:
 *
 * <ul>
 *   <li><b>packed</b>, after Goto and van de Geijn ("Anatomy of high-performance matrix
 *       multiplication", 2008): b is packed in blocks of kc×nc, a in blocks of mc×kc that stay in
 *       the L2 cache, and a register tile runs over their panels. Where n fills vectors badly and m
 *       does well, the transposed product is computed, and turned around.
 *   <li><b>dots</b>, when both operands have k innermost and a has few rows, as in a linear layer:
 *       b, the weight, is read once, so packing it would cost as much as multiplying.
 *   <li><b>axpy</b>, for a few rows times a b whose rows lie side by side: c adds up rows of b.
 * </ul>
 *
 * <p>c is cut into cells, one task each; k never is, so the bits do not depend on the cut. A call
 * allocates nothing on one thread.
 */
public final class Gemm {
  private enum Path {
    PACKED,
    DOTS,
    AXPY
  }

  /** Columns of a packed block of b. */
  private static final int NC = 2048;

  /** What an element that is turned around costs, in multiply-adds. */
  private static final int TURN = 16;

  /** Up to so many rows of a, dot products beat packing b. */
  private static final int DOTS_MAX_ROWS = 24;

  /** Up to so many where k is long, so that adding up the lanes at its end counts for little. */
  private static final int LONG_DOTS_MAX_ROWS = 48;

  private static final int LONG_DOTS = 1024;

  /** Rows of b at a time, and how far along them, for dot products. */
  private static final int DOTS_COLUMNS = 32;

  private static final int DOTS_DEPTH = 16 * 1024;

  /** Up to so many rows of a, adding up rows of b beats packing it. */
  private static final int AXPY_MAX_ROWS = 4;

  /** Multiply-adds worth a thread of their own: some ten microseconds. */
  private static final long CELL_WORK = 1 << 18;

  private Gemm() {}

  /** How many tasks of so many multiply-adds each are worth a thread. */
  public static int grain(long work) {
    return Math.clamp(CELL_WORK / Math.max(1, work), 1, 1 << 16);
  }

  /** Whether so many multiply-adds are worth more than one thread. */
  public static boolean isParallel(long work) {
    return work >= 2 * CELL_WORK;
  }

  /** The next multiple of a tile's rows or columns. */
  public static int roundUp(int n, int tile) {
    return Math.ceilDiv(n, tile) * tile;
  }

  /** The plan's batch of products. */
  public static void matmul(MatMulPlan plan, View a, View b, View y) {
    GemmKernel kernel = GemmKernel.of(plan.dtype());
    int batch = plan.batch();
    long work = (long) plan.m() * plan.n() * plan.k();
    if (batch == 1 || isParallel(work) && batch < Parallel.idleThreads()) {
      matmul(kernel, plan, a, b, y, 0, batch);
    } else {
      Parallel.range(batch, grain(work), (from, to) -> matmul(kernel, plan, a, b, y, from, to));
    }
  }

  private static void matmul(
      GemmKernel kernel, MatMulPlan plan, View a, View b, View y, int from, int to) {
    for (int i = from; i < to; i++) {
      run(
          kernel,
          plan.m(),
          plan.n(),
          plan.k(),
          CpuBuffer.array(a),
          plan.aOffset(i),
          plan.ars(),
          plan.acs(),
          CpuBuffer.array(b),
          plan.bOffset(i),
          plan.brs(),
          plan.bcs(),
          CpuBuffer.array(y),
          CpuBuffer.at(y) + i * plan.m() * plan.n(),
          plan.n(),
          false);
    }
  }

  /**
   * One product.
   *
   * @param ars how far apart a's rows are; {@code acs} its columns; {@code brs} and {@code bcs} b's
   * @param accumulate whether to add to c
   */
  public static void run(
      GemmKernel kernel,
      int m,
      int n,
      int k,
      Object a,
      int ao,
      int ars,
      int acs,
      Object b,
      int bo,
      int brs,
      int bcs,
      Object c,
      int co,
      int ldc,
      boolean accumulate) {
    if (n == 1 && m > 1 && ldc == 1) {
      // A column is a row of the transposed product.
      run(kernel, 1, m, k, b, bo, bcs, brs, a, ao, acs, ars, c, co, m, accumulate);
      return;
    }
    Path path = path(m, k, acs, brs, bcs);
    int threads = Parallel.idleThreads();
    long work = (long) m * n * k;
    if (threads == 1 || !isParallel(work)) {
      cell(path, kernel, m, n, k, a, ao, ars, acs, b, bo, brs, bcs, c, co, ldc, accumulate);
      return;
    }
    Grid grid = Grid.cut(m, n, kernel, (int) Math.min(4L * threads, work / CELL_WORK));
    Parallel.range(
        grid.cells(),
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int row = grid.row(i);
            int column = grid.column(i);
            cell(
                path,
                kernel,
                Math.min(grid.rows(), m - row),
                Math.min(grid.columns(), n - column),
                k,
                a,
                ao + row * ars,
                ars,
                acs,
                b,
                bo + column * bcs,
                brs,
                bcs,
                c,
                co + row * ldc + column,
                ldc,
                accumulate);
          }
        });
  }

  private static Path path(int m, int k, int acs, int brs, int bcs) {
    int dotsRows = k < LONG_DOTS ? DOTS_MAX_ROWS : LONG_DOTS_MAX_ROWS;
    if (acs == 1 && brs == 1 && m <= dotsRows) {
      return Path.DOTS;
    }
    return bcs == 1 && m <= AXPY_MAX_ROWS ? Path.AXPY : Path.PACKED;
  }

  private static void cell(
      Path path,
      GemmKernel kernel,
      int m,
      int n,
      int k,
      Object a,
      int ao,
      int ars,
      int acs,
      Object b,
      int bo,
      int brs,
      int bcs,
      Object c,
      int co,
      int ldc,
      boolean accumulate) {
    if (!accumulate && (path == Path.AXPY || k == 0)) {
      kernel.clear(c, co, ldc, m, n);
    }
    switch (path) {
      case PACKED -> {
        if (!accumulate && isBetterTurned(kernel, m, n, k)) {
          turned(kernel, m, n, k, a, ao, ars, acs, b, bo, brs, bcs, c, co, ldc);
        } else {
          packed(kernel, m, n, k, a, ao, ars, acs, b, bo, brs, bcs, accumulate, c, co, ldc);
        }
      }
      case DOTS -> {
        if (accumulate) {
          addDots(kernel, m, n, k, a, ao, ars, b, bo, bcs, c, co, ldc);
        } else {
          dots(kernel, m, n, k, a, ao, ars, b, bo, bcs, c, co, ldc);
        }
      }
      case AXPY -> axpy(kernel, m, n, k, a, ao, ars, acs, b, bo, brs, c, co, ldc);
    }
  }

  private static void packed(
      GemmKernel kernel,
      int m,
      int n,
      int k,
      Object a,
      int ao,
      int ars,
      int acs,
      Object b,
      int bo,
      int brs,
      int bcs,
      boolean accumulate,
      Object c,
      int co,
      int ldc) {
    int mr = kernel.mr();
    int nr = kernel.nr();
    int kc = Math.min(kernel.kc(), k);
    int mc = Math.min(kernel.mc(), Math.ceilDiv(m, mr) * mr);
    int nc = Math.min(NC, Math.ceilDiv(n, nr) * nr);
    int packB = mc * kc;
    BufferPool pool = BufferPool.shared();
    Object scratch = pool.take(kernel.dtype(), packB + nc * kc);
    for (int j = 0; j < n; j += nc) {
      int columns = Math.min(nc, n - j);
      for (int p = 0; p < k; p += kc) {
        int depth = Math.min(kc, k - p);
        kernel.pack(b, bo + p * brs + j * bcs, bcs, brs, columns, depth, nr, scratch, packB);
        for (int i = 0; i < m; i += mc) {
          int rows = Math.min(mc, m - i);
          kernel.pack(a, ao + i * ars + p * acs, ars, acs, rows, depth, mr, scratch, 0);
          int at = co + i * ldc + j;
          boolean add = accumulate || p > 0;
          kernel.multiply(scratch, 0, scratch, packB, rows, columns, depth, add, c, at, ldc);
        }
      }
    }
    pool.give(scratch);
  }

  /** By the lanes that would be idle. Each sum is the same either way, to the bit. */
  private static boolean isBetterTurned(GemmKernel kernel, int m, int n, int k) {
    long asIs = (long) roundUp(n, kernel.lanes()) * m;
    long turned = (long) roundUp(m, kernel.lanes()) * n;
    return (asIs - turned) * k > (long) TURN * m * n;
  }

  /** cᵀ = bᵀ·aᵀ in scratch, and from there to c. */
  private static void turned(
      GemmKernel kernel,
      int m,
      int n,
      int k,
      Object a,
      int ao,
      int ars,
      int acs,
      Object b,
      int bo,
      int brs,
      int bcs,
      Object c,
      int co,
      int ldc) {
    BufferPool pool = BufferPool.shared();
    Object scratch = pool.take(kernel.dtype(), (long) m * n);
    packed(kernel, n, m, k, b, bo, bcs, brs, a, ao, acs, ars, false, scratch, 0, m);
    kernel.turn(scratch, m, n, c, co, ldc);
    pool.give(scratch);
  }

  /**
   * Some rows of b at a time, which stay in cache while the rows of a pass. The lanes of a sum add
   * up apart until k has ended, so the bits know nothing of blocks.
   */
  private static void dots(
      GemmKernel kernel,
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
      int ldc) {
    int lanes = kernel.lanes();
    int body = k - k % lanes;
    int across = Math.min(n, DOTS_COLUMNS);
    BufferPool pool = BufferPool.shared();
    int[] rows = (int[]) pool.take(DType.I32, across);
    Object sums = pool.take(kernel.dtype(), (long) m * across * lanes);
    for (int j = 0; j < across; j++) {
      rows[j] = j * bcs;
    }
    for (int j = 0; j < n; j += across) {
      int columns = Math.min(across, n - j);
      int column = bo + j * bcs;
      kernel.clear(sums, 0, 0, 1, m * columns * lanes);
      for (int p = 0; p < body; p += DOTS_DEPTH) {
        int depth = Math.min(DOTS_DEPTH, body - p);
        kernel.dotRows(a, ao + p, ars, b, column + p, rows, m, columns, depth, sums, 0);
      }
      kernel.addLanes(sums, 0, m, columns, c, co + j, ldc);
      if (body < k) {
        kernel.addDots(
            m, columns, k - body, a, ao + body, ars, b, column + body, bcs, c, co + j, ldc);
      }
    }
    pool.give(sums);
    pool.give(rows);
  }

  /** c += a·b, by way of scratch. */
  private static void addDots(
      GemmKernel kernel,
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
      int ldc) {
    BufferPool pool = BufferPool.shared();
    Object scratch = pool.take(kernel.dtype(), (long) m * n);
    dots(kernel, m, n, k, a, ao, ars, b, bo, bcs, scratch, 0, n);
    kernel.put(scratch, n, m, n, true, false, c, co, ldc);
    pool.give(scratch);
  }

  /** n in blocks, so that the row of c stays in the L1 cache while the rows of b pass. */
  private static void axpy(
      GemmKernel kernel,
      int m,
      int n,
      int k,
      Object a,
      int ao,
      int ars,
      int acs,
      Object b,
      int bo,
      int brs,
      Object c,
      int co,
      int ldc) {
    int na = 2048;
    for (int j = 0; j < n; j += na) {
      int columns = Math.min(na, n - j);
      for (int i = 0; i < m; i++) {
        kernel.axpy(a, ao + i * ars, acs, b, bo + j, brs, columns, k, c, co + i * ldc + j);
      }
    }
  }
}
