package dev.crema.cpu.reduce;

import dev.crema.backend.ReduceOp;
import dev.crema.tensor.DType;

/**
 * One result in the making, fed with dense runs of its elements. Its own numbers are f64 or i64.
 */
abstract sealed class Accumulator {

  /** An accumulator of elements that are computed in this type. */
  static Accumulator of(ReduceOp op, DType compute) {
    return compute.isFloating() ? new Floating(op) : new Whole(op);
  }

  /** Forgets everything. */
  abstract void reset();

  /**
   * Takes in x[at .. at + n), where x is an array of the computing type or of the accumulator's
   * own.
   */
  abstract void add(Object x, int at, int n);

  /** Writes the result to an array of the accumulator's own type. */
  abstract void store(Object results, int slot);

  private static final class Floating extends Accumulator {
    /**
     * Runs of f64 are summed by so many elements and joined with compensation; f64 has digits to
     * spare for sums of f32.
     */
    private static final int EXACT_RUN = 256;

    private final ReduceOp op;
    private double result;
    private double lost;

    Floating(ReduceOp op) {
      this.op = op;
    }

    @Override
    void reset() {
      lost = 0;
      result =
          switch (op) {
            case SUM -> 0;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
          };
    }

    @Override
    void add(Object x, int at, int n) {
      if (x instanceof float[] f) {
        join(Rows.fold(op, f, at, n));
      } else {
        for (int i = 0; i < n; i += EXACT_RUN) {
          join(Rows.fold(op, (double[]) x, at + i, Math.min(EXACT_RUN, n - i)));
        }
      }
    }

    private void join(double run) {
      switch (op) {
        case SUM -> {
          double sum = result + run;
          double added = sum - result; // Knuth's two-sum: what this addition rounds away
          lost += (result - (sum - added)) + (run - added);
          result = sum;
        }
        case MAX -> result = Math.max(result, run);
        case MIN -> result = Math.min(result, run);
      }
    }

    @Override
    void store(Object results, int slot) {
      ((double[]) results)[slot] = Double.isFinite(result) ? result + lost : result;
    }
  }

  private static final class Whole extends Accumulator {
    private final ReduceOp op;
    private long result;

    Whole(ReduceOp op) {
      this.op = op;
    }

    @Override
    void reset() {
      result =
          switch (op) {
            case SUM -> 0;
            case MAX -> Long.MIN_VALUE;
            case MIN -> Long.MAX_VALUE;
          };
    }

    @Override
    void add(Object x, int at, int n) {
      long run = Rows.fold(op, (long[]) x, at, n);
      result =
          switch (op) {
            case SUM -> result + run;
            case MAX -> Math.max(result, run);
            case MIN -> Math.min(result, run);
          };
    }

    @Override
    void store(Object results, int slot) {
      ((long[]) results)[slot] = result;
    }
  }
}
