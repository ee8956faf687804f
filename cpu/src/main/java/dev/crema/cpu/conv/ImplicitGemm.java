package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.gemm.GemmKernel;
import dev.crema.cpu.memory.BufferPool;
import org.jspecify.annotations.Nullable;

/**
 * Convolution as a product without a column matrix: {@link Shifted} reads the image itself. The
 * gradient for the image is the same thing with gy for the image, once for each residue of the
 * stride; that for the weight is {@link ShiftedBackwardWeight dot products} along the image, or
 * {@link BroadcastBackwardWeight outer products} of its pixels.
 */
class ImplicitGemm implements ConvAlgorithm {
  /** Lines are not cut: longer ones would take too much scratch. */
  private static final int MAX_LINE = 4096;

  /** What a group of an image costs besides, as {@link Cost} counts. */
  private static final double START = 4000;

  @Override
  public String name() {
    return "implicit";
  }

  @Override
  public @Nullable String declines(Conv2dPlan plan, Direction direction) {
    return Pointwise.fits(plan) ? "nothing to shift: pointwise" : tooLong(plan);
  }

  /** Why lines do not go into scratch whole; null if they do. */
  static @Nullable String tooLong(Conv2dPlan plan) {
    return Math.max(plan.iw(), plan.ow()) > MAX_LINE
        ? "lines of more than %d pixels".formatted(MAX_LINE)
        : null;
  }

  /**
   * Products cost twice as much where no row shares what they read; those that fall between lines
   * are wasted. Whole planes go through scratch, and with a stride element by element.
   */
  @Override
  public double cost(Conv2dPlan p, Direction direction) {
    double starts = (double) p.n() * p.groups() * START;
    return switch (direction) {
      case FORWARD -> {
        int pitch = new ShiftedImage(Taps.down(p), Taps.across(p), 1, true).pitch();
        double spread = p.sw() == 1 ? Cost.STREAM : p.sw() == 2 ? 2 * Cost.MOVE : 5 * Cost.MOVE;
        yield Cost.products(p) / p.ow() * pitch * (Cost.PRODUCT + 1.0 / p.ocPerGroup())
            + starts
            + Cost.input(p) * spread
            + Cost.output(p) * Cost.MOVE / 2
            + Cost.weight(p) * Cost.WEIGHT;
      }
      case BACKWARD_INPUT -> {
        double residues = p.sh() * p.sw();
        double perPixel = p.ih() * p.iw() / ((double) p.oh() * p.ow() * residues);
        yield Cost.products(p) * perPixel * (Cost.PRODUCT + 1.0 / p.icPerGroup())
            + residues * (starts + Cost.output(p) * 1.5 * Cost.MOVE)
            + Cost.weight(p) * Cost.TURNED_WEIGHT;
      }
      case BACKWARD_WEIGHT ->
          Math.min(BroadcastBackwardWeight.cost(p), ShiftedBackwardWeight.cost(p));
    };
  }

  @Override
  public void forward(Conv2dPlan p, Operand x, Operand w, Epilogue epilogue, Operand y) {
    var shifted = new Shifted(Shifted.Problem.forward(p));
    int k = p.icPerGroup() * p.kh() * p.kw();
    GemmKernel kernel = GemmKernel.of(p.dtype());
    var weight = new PackedWeight(kernel, p.groups(), p.ocPerGroup(), k, w, k, 1);
    shifted.run(x, weight, epilogue, y);
    weight.close();
  }

  @Override
  public void backwardInput(Conv2dPlan p, Operand gy, Operand w, Operand gx) {
    int residuesDown = Math.min(p.sh(), p.ih());
    int residuesAcross = Math.min(p.sw(), p.iw());
    for (int i = 0; i < residuesDown; i++) {
      for (int j = 0; j < residuesAcross; j++) {
        residue(p, Shifted.Problem.backwardInput(p, i, j), gy, w, gx);
      }
    }
  }

  private static void residue(
      Conv2dPlan p, Shifted.Problem problem, Operand gy, Operand w, Operand gx) {
    var shifted = new Shifted(problem);
    Object turned = turn(p, w, problem.down().tap(), problem.across().tap());
    int m = p.icPerGroup();
    int k = p.ocPerGroup() * problem.down().count() * problem.across().count();
    GemmKernel kernel = GemmKernel.of(p.dtype());
    var weight = new PackedWeight(kernel, p.groups(), m, k, new Operand(turned, 0), 1, m);
    shifted.run(gy, weight, Epilogue.NONE, gx);
    weight.close();
    BufferPool.shared().give(turned);
  }

  /** For each group the matrix [o, ty, tx][c] of the weight at these taps. */
  private static Object turn(Conv2dPlan p, Operand w, int[] down, int[] across) {
    int rows = p.oc() * down.length * across.length;
    Object turned = BufferPool.shared().take(p.dtype(), (long) rows * p.icPerGroup());
    Rows elements = Rows.of(p.dtype());
    int to = 0;
    for (int o = 0; o < p.oc(); o++) {
      for (int ky : down) {
        for (int kx : across) {
          int from = w.at() + (o * p.icPerGroup() * p.kh() + ky) * p.kw() + kx;
          elements.copy(w.array(), from, 0, p.kh() * p.kw(), turned, to, 0, 1, p.icPerGroup());
          to += p.icPerGroup();
        }
      }
    }
    return turned;
  }

  @Override
  public void backwardWeight(Conv2dPlan p, Operand x, Operand gy, Operand gw) {
    if (BroadcastBackwardWeight.cost(p) < ShiftedBackwardWeight.cost(p)) {
      new BroadcastBackwardWeight(p).run(x, gy, gw);
    } else {
      new ShiftedBackwardWeight(p).run(x, gy, gw);
    }
  }
}
