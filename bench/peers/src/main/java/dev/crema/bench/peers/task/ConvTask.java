package dev.crema.bench.peers.task;

import dev.crema.bench.lab.ConvProblem;

/**
 * A convolution without bias: y from x and w; if backward, also the gradients of x and w from gy.
 *
 * @param x [n, ic, ih, iw]
 * @param w [oc, ic/groups, kh, kw]
 * @param gy [n, oc, oh, ow]; empty if not backward
 */
public record ConvTask(ConvProblem problem, boolean backward, float[] x, float[] w, float[] gy)
    implements Task {

  /** With numbers from −1 to 1. */
  public static ConvTask of(ConvProblem p, boolean backward) {
    return new ConvTask(
        p,
        backward,
        Data.uniform(p.n() * p.ic() * p.h().in() * p.w().in(), 1),
        Data.uniform(p.oc() * (p.ic() / p.groups()) * p.h().kernel() * p.w().kernel(), 2),
        Data.uniform(backward ? p.n() * p.oc() * p.h().out() * p.w().out() : 0, 3));
  }

  /** The shape of x. */
  public long[] xShape() {
    return new long[] {problem.n(), problem.ic(), problem.h().in(), problem.w().in()};
  }

  /** The shape of w. */
  public long[] wShape() {
    var p = problem;
    return new long[] {p.oc(), p.ic() / p.groups(), p.h().kernel(), p.w().kernel()};
  }

  /** The shape of y. */
  public long[] yShape() {
    return new long[] {problem.n(), problem.oc(), problem.h().out(), problem.w().out()};
  }
}
