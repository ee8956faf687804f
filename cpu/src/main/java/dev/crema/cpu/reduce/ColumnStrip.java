package dev.crema.cpu.reduce;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.ReduceOp;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.pointwise.Cast;
import dev.crema.cpu.pointwise.Loop;
import dev.crema.cpu.pointwise.Loops;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.Arrays;

/**
 * Neighbouring results in the making, fed with dense rows of elements, one element for each. For
 * one thread.
 */
public abstract sealed class ColumnStrip implements AutoCloseable {

  /** A strip of up to {@code width} results over elements that are computed in this type. */
  public static ColumnStrip of(ReduceOp op, DType compute, int width) {
    return op == ReduceOp.SUM && compute.isFloating()
        ? new Sums(width)
        : new Folds(op, compute, width);
  }

  /** Starts n results. */
  public abstract void reset(int n);

  /** Takes x[at + j], of type {@code from}, into result j. */
  public abstract void add(DType from, Object x, int at, int n);

  /** Writes the results, f64 or i64. */
  public abstract void store(Object results, int at, int n);

  @Override
  public abstract void close();

  /** Sums in f64, those of f64 with compensation. */
  private static final class Sums extends ColumnStrip {
    private final double[] sum;
    private final double[] lost;

    Sums(int width) {
      this.sum = BufferPool.shared().f64(width);
      this.lost = BufferPool.shared().f64(width);
    }

    @Override
    public void reset(int n) {
      Arrays.fill(sum, 0, n, 0);
      Arrays.fill(lost, 0, n, 0);
    }

    @Override
    public void add(DType from, Object x, int at, int n) {
      if (x instanceof float[] f) {
        if (Simd.VECTOR) {
          ColumnsVector.add(f, at, sum, n);
        } else {
          ColumnsScalar.add(f, at, sum, n);
        }
      } else if (Simd.VECTOR) {
        ColumnsVector.add((double[]) x, at, sum, lost, n);
      } else {
        ColumnsScalar.add((double[]) x, at, sum, lost, n);
      }
    }

    @Override
    public void store(Object results, int at, int n) {
      double[] r = (double[]) results;
      for (int i = 0; i < n; i++) {
        r[at + i] = Double.isFinite(sum[i]) ? sum[i] + lost[i] : sum[i];
      }
    }

    @Override
    public void close() {
      BufferPool.shared().give(sum);
      BufferPool.shared().give(lost);
    }
  }

  /** What an elementwise operator folds without rounding. */
  private static final class Folds extends ColumnStrip {
    private final DType compute;
    private final Loop loop;
    private final Object result;
    private final Object row;
    private boolean empty;

    Folds(ReduceOp op, DType compute, int width) {
      this.compute = compute;
      this.loop =
          Loops.of(
              switch (op) {
                case SUM -> BinaryOp.ADD;
                case MAX -> BinaryOp.MAX;
                case MIN -> BinaryOp.MIN;
              },
              compute);
      this.result = BufferPool.shared().take(compute, width);
      this.row = BufferPool.shared().take(compute, width);
    }

    @Override
    public void reset(int n) {
      empty = true;
    }

    @Override
    public void add(DType from, Object x, int at, int n) {
      if (empty) {
        Cast.run(from, x, at, 1, compute, result, 0, 1, n);
        empty = false;
      } else if (from == compute) {
        loop.run(result, 0, x, at, 0, 0, result, 0, n);
      } else {
        Cast.run(from, x, at, 1, compute, row, 0, 1, n);
        loop.run(result, 0, row, 0, 0, 0, result, 0, n);
      }
    }

    @Override
    public void store(Object results, int at, int n) {
      Cast.run(compute, result, 0, 1, Reduce.resultType(compute), results, at, 1, n);
    }

    @Override
    public void close() {
      BufferPool.shared().give(result);
      BufferPool.shared().give(row);
    }
  }
}
