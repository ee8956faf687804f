package dev.crema.cpu.gemm;

import dev.crema.backend.MatMulPlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.tensor.DType;

/**
 * c = a·b, or c += a·b, of f32 or f64: a is m×k and b is k×n at any strides (a transposed operand
 * is read in place), c is m×n, the elements of a row side by side.
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
 * <p>c is cut into cells, one task each; k never is, so the bits do not depend on the cut. Working
 * memory comes from the pool: on one thread a call allocates a few {@link Matrix matrices} at most.
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

  /** Columns of c at a time, then. */
  private static final int AXPY_COLUMNS = 2048;

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
      GemmKernel kernel, MatMulPlan p, View a, View b, View y, int from, int to) {
    for (int i = from; i < to; i++) {
      run(
          kernel,
          new Matrix(CpuBuffer.array(a), p.aOffset(i), p.m(), p.k(), p.ars(), p.acs()),
          new Matrix(CpuBuffer.array(b), p.bOffset(i), p.k(), p.n(), p.brs(), p.bcs()),
          Matrix.dense(CpuBuffer.array(y), CpuBuffer.at(y) + i * p.m() * p.n(), p.m(), p.n()),
          false);
    }
  }

  /**
   * One product.
   *
   * @param c its columns lie side by side
   * @param accumulate whether to add to c
   */
  public static void run(GemmKernel kernel, Matrix a, Matrix b, Matrix c, boolean accumulate) {
    int m = c.rows();
    int n = c.columns();
    int k = a.columns();
    if (n == 1 && m > 1 && c.rs() == 1) {
      // A column is a row of the transposed product.
      run(kernel, b.transposed(), a.transposed(), c.transposed(), accumulate);
      return;
    }
    Path path = path(a, b);
    int threads = Parallel.idleThreads();
    long work = (long) m * n * k;
    if (threads == 1 || !isParallel(work)) {
      cell(path, kernel, a, b, c, accumulate);
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
            int height = Math.min(grid.rows(), m - row);
            int width = Math.min(grid.columns(), n - column);
            cell(
                path,
                kernel,
                a.block(row, 0, height, k),
                b.block(0, column, k, width),
                c.block(row, column, height, width),
                accumulate);
          }
        });
  }

  private static Path path(Matrix a, Matrix b) {
    int dotsRows = a.columns() < LONG_DOTS ? DOTS_MAX_ROWS : LONG_DOTS_MAX_ROWS;
    if (a.cs() == 1 && b.rs() == 1 && a.rows() <= dotsRows) {
      return Path.DOTS;
    }
    return b.cs() == 1 && a.rows() <= AXPY_MAX_ROWS ? Path.AXPY : Path.PACKED;
  }

  private static void cell(
      Path path, GemmKernel kernel, Matrix a, Matrix b, Matrix c, boolean accumulate) {
    if (!accumulate && (path == Path.AXPY || a.columns() == 0)) {
      kernel.clear(c.array(), c.at(), c.rs(), c.rows(), c.columns());
    }
    switch (path) {
      case PACKED -> {
        if (!accumulate && isBetterTurned(kernel, c.rows(), c.columns(), a.columns())) {
          turned(kernel, a, b, c);
        } else {
          packed(kernel, a, b, c, accumulate);
        }
      }
      case DOTS -> {
        if (accumulate) {
          addDots(kernel, a, b, c);
        } else {
          dots(kernel, a, b, c);
        }
      }
      case AXPY -> axpy(kernel, a, b, c);
    }
  }

  private static void packed(GemmKernel kernel, Matrix a, Matrix b, Matrix c, boolean accumulate) {
    int m = c.rows();
    int n = c.columns();
    int k = a.columns();
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
        kernel.pack(b.array(), b.at(p, j), b.cs(), b.rs(), columns, depth, nr, scratch, packB);
        for (int i = 0; i < m; i += mc) {
          int rows = Math.min(mc, m - i);
          kernel.pack(a.array(), a.at(i, p), a.rs(), a.cs(), rows, depth, mr, scratch, 0);
          boolean add = accumulate || p > 0;
          kernel.multiply(
              scratch, 0, scratch, packB, rows, columns, depth, add, c.array(), c.at(i, j), c.rs());
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
  private static void turned(GemmKernel kernel, Matrix a, Matrix b, Matrix c) {
    int m = c.rows();
    int n = c.columns();
    BufferPool pool = BufferPool.shared();
    Object scratch = pool.take(kernel.dtype(), (long) m * n);
    packed(kernel, b.transposed(), a.transposed(), Matrix.dense(scratch, 0, n, m), false);
    kernel.turn(scratch, m, n, c.array(), c.at(), c.rs());
    pool.give(scratch);
  }

  /**
   * Some rows of b at a time, which stay in cache while the rows of a pass. The lanes of a sum add
   * up apart until k has ended, so the bits know nothing of blocks.
   */
  private static void dots(GemmKernel kernel, Matrix a, Matrix b, Matrix c) {
    int m = c.rows();
    int n = c.columns();
    int k = a.columns();
    int lanes = kernel.lanes();
    int body = k - k % lanes;
    int across = Math.min(n, DOTS_COLUMNS);
    BufferPool pool = BufferPool.shared();
    int[] rows = (int[]) pool.take(DType.I32, across);
    Object sums = pool.take(kernel.dtype(), (long) m * across * lanes);
    for (int j = 0; j < across; j++) {
      rows[j] = j * b.cs();
    }
    for (int j = 0; j < n; j += across) {
      int columns = Math.min(across, n - j);
      kernel.clear(sums, 0, 0, 1, m * columns * lanes);
      for (int p = 0; p < body; p += DOTS_DEPTH) {
        int depth = Math.min(DOTS_DEPTH, body - p);
        kernel.dotRows(
            a.array(), a.at(0, p), a.rs(), b.array(), b.at(p, j), rows, m, columns, depth, sums, 0);
      }
      kernel.addLanes(sums, 0, m, columns, c.array(), c.at(0, j), c.rs());
      if (body < k) {
        kernel.addDots(
            m,
            columns,
            k - body,
            a.array(),
            a.at(0, body),
            a.rs(),
            b.array(),
            b.at(body, j),
            b.cs(),
            c.array(),
            c.at(0, j),
            c.rs());
      }
    }
    pool.give(sums);
    pool.give(rows);
  }

  /** c += a·b, by way of scratch. */
  private static void addDots(GemmKernel kernel, Matrix a, Matrix b, Matrix c) {
    int m = c.rows();
    int n = c.columns();
    BufferPool pool = BufferPool.shared();
    Object scratch = pool.take(kernel.dtype(), (long) m * n);
    dots(kernel, a, b, Matrix.dense(scratch, 0, m, n));
    kernel.put(scratch, n, m, n, true, false, c.array(), c.at(), c.rs());
    pool.give(scratch);
  }

  /** n in blocks, so that the row of c stays in the L1 cache while the rows of b pass. */
  private static void axpy(GemmKernel kernel, Matrix a, Matrix b, Matrix c) {
    int n = c.columns();
    for (int j = 0; j < n; j += AXPY_COLUMNS) {
      int columns = Math.min(AXPY_COLUMNS, n - j);
      for (int i = 0; i < c.rows(); i++) {
        kernel.axpy(
            a.array(),
            a.at(i, 0),
            a.cs(),
            b.array(),
            b.at(0, j),
            b.rs(),
            columns,
            a.columns(),
            c.array(),
            c.at(i, j));
      }
    }
  }
}
