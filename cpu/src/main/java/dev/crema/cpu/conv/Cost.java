package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;

/**
 * The prices that algorithms estimate {@link ConvAlgorithm#cost} with, in multiply-adds: what a
 * core does in the time in which it could have done that many in registers. They are fitted to the
 * lab's times of LeNet's, AlexNet's, VGG16's, ResNet-50's and GoogLeNet's layers in all directions,
 * on one thread with vectors of 512 bit, and rounded; with narrower vectors all of them shrink
 * alike. Among those same times, what the prices choose takes 2 % longer than the best, as a
 * geometric mean.
 */
public final class Cost {
  /** A multiply-add in a product's register tiles, packing and storing the result included. */
  public static final double PRODUCT = 1.2;

  /** Moving an element in or out of a panel, line by line. */
  public static final double MOVE = 20;

  /** The same where lines are contiguous and nothing is added up. */
  public static final double STREAM = 5;

  /** An element of the weight, packed. */
  public static final double WEIGHT = 80;

  /** The same, turned around first. */
  public static final double TURNED_WEIGHT = 120;

  private Cost() {}

  /** Making an element of the column matrix: of a 1x1 kernel at stride 1 it is the image itself. */
  static double column(Conv2dPlan p) {
    if (p.kh() * p.kw() * p.sh() * p.sw() == 1) {
      return 8;
    }
    return p.sw() == 1 ? 17 : p.sw() == 2 ? 21 : 44;
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
