package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;

/**
 * The prices that algorithms estimate {@link ConvAlgorithm#cost} with, in multiply-adds: what a
 * core does in the time in which it could have done that many in registers. They are the lab's
 * measurements on vectors of 512 bit, rounded; with narrower vectors all of them shrink alike.
 */
public final class Cost {
  /** Moving an element in or out of a panel, line by line. */
  public static final double MOVE = 12;

  /** The same one element at a time, since its neighbours are not in line. */
  public static final double STRIDED = 60;

  /** The same where lines are contiguous and nothing is added up. */
  public static final double STREAM = 5;

  private Cost() {}

  /** Moving an element of x, in lines of the problem's stride. */
  static double move(Conv2dPlan p) {
    return p.sw() == 1 ? MOVE : STRIDED;
  }

  /** The multiply-adds of the definition. */
  public static double products(Conv2dPlan p) {
    return (double) p.n() * p.oc() * p.oh() * p.ow() * p.icPerGroup() * p.kh() * p.kw();
  }

  /** Elements of the column matrix. */
  static double columns(Conv2dPlan p) {
    return (double) p.n() * p.oh() * p.ow() * p.ic() * p.kh() * p.kw();
  }

  /** Elements of x. */
  public static double input(Conv2dPlan p) {
    return (double) p.n() * p.ic() * p.ih() * p.iw();
  }

  /** Elements of y. */
  public static double output(Conv2dPlan p) {
    return (double) p.n() * p.oc() * p.oh() * p.ow();
  }

  /** Elements of w. */
  public static double weight(Conv2dPlan p) {
    return (double) p.oc() * p.icPerGroup() * p.kh() * p.kw();
  }
}
