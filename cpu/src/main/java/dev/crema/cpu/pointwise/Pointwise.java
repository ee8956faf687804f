package dev.crema.cpu.pointwise;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.DType;

/** The elementwise operators: finds the loop, then runs it over the operands in parallel chunks. */
public final class Pointwise {
  private Pointwise() {}

  /** y = op(x), with parameters a and b. */
  public static void unary(UnaryOp op, double a, double b, PointwisePlan plan, View x, View y) {
    DType compute = computeType(x.dtype());
    Operand in = Operand.of(plan, 1, x, compute);
    Operand out = Operand.of(plan, 0, y, compute);
    run(plan, new Chunk(loop(op, a, compute), a, b, in, in, out));
  }

  /** The loop of an op with parameter a. */
  static Loop loop(UnaryOp op, double a, DType compute) {
    boolean square = op == UnaryOp.POW && a == 2; // exactly what pow gives, without its price
    return Loops.of(square ? UnaryOp.SQUARE : op, compute);
  }

  /** y = op(a, b). */
  public static void binary(BinaryOp op, PointwisePlan plan, View a, View b, View y) {
    DType compute = computeType(a.dtype());
    Operand left = Operand.of(plan, 1, a, compute);
    Operand right = Operand.of(plan, 2, b, compute);
    Operand out = Operand.of(plan, 0, y, compute);
    run(plan, new Chunk(Loops.of(op, compute), 0, 0, left, right, out));
  }

  private static DType computeType(DType type) {
    return type.isFloating() ? type : DType.I64;
  }

  private static void run(PointwisePlan plan, Chunk body) {
    Parallel.range(plan.outer() * plan.inner(), Parallel.grain(1), body);
  }

  /** The work on a range of elements. */
  private record Chunk(Loop loop, double p, double q, Operand a, Operand b, Operand y)
      implements Parallel.Range {

    @Override
    public void run(int from, int to) {
      Object as = a.open();
      Object bs = b == a ? as : b.open();
      Object ys = y.open();
      int step = a.isDirect() && b.isDirect() && y.isDirect() ? to - from : Operand.TILE;
      for (int first = from; first < to; first += step) {
        int n = Math.min(step, to - first);
        a.load(as, from, first, n);
        if (b != a) {
          b.load(bs, from, first, n);
        }
        loop.run(as, a.at(first), bs, b.at(first), p, q, ys, y.at(first), n);
        y.store(ys, first, n);
      }
      a.close(as);
      if (b != a) {
        b.close(bs);
      }
      y.close(ys);
    }
  }
}
