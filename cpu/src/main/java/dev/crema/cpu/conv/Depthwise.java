package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.Scratch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution of groups of one input channel, plane by plane, as {@link TapSums sums of shifted
 * runs}: there is no channel to sum over, so a matrix product would have nothing to hold in
 * registers. The gradient for the image is the same with gy for the image, once for each residue of
 * the stride; that for the weight is {@link ShiftedBackwardWeight dot products} along the planes.
 */
final class Depthwise implements ConvAlgorithm {
  /** What a plane costs besides, as {@link Cost} counts. */
  private static final double PLANE = 2000;

  @Override
  public String name() {
    return "depthwise";
  }

  @Override
  public @Nullable String declines(Conv2dPlan p, Direction direction) {
    return p.icPerGroup() != 1 ? "not one input channel to a group" : ImplicitGemm.tooLong(p);
  }

  /**
   * Each tap reads x anew, so products cost twice as much. The gradient for the weight is that of
   * {@link ImplicitGemm}, which estimates it.
   */
  @Override
  public double cost(Conv2dPlan p, Direction direction) {
    return direction == Direction.BACKWARD_WEIGHT
        ? Double.POSITIVE_INFINITY
        : Cost.products(p) * 2
            + (Cost.input(p) + Cost.output(p)) * Cost.STREAM
            + (double) p.n() * p.groups() * PLANE;
  }

  @Override
  public void forward(Conv2dPlan p, Operand x, Operand w, Epilogue epilogue, Operand y) {
    run(List.of(Shifted.Problem.forward(p)), List.of(w), x, epilogue, y);
  }

  @Override
  public void backwardInput(Conv2dPlan p, Operand gy, Operand w, Operand gx) {
    List<Shifted.Problem> residues = new ArrayList<>();
    List<Operand> weights = new ArrayList<>();
    for (int i = 0; i < Math.min(p.sh(), p.ih()); i++) {
      for (int j = 0; j < Math.min(p.sw(), p.iw()); j++) {
        var residue = Shifted.Problem.backwardInput(p, i, j);
        residues.add(residue);
        weights.add(new Operand(taps(p, w, residue.down().tap(), residue.across().tap()), 0));
      }
    }
    run(residues, weights, gy, Epilogue.NONE, gx);
    weights.forEach(taps -> Scratch.give(taps.array()));
  }

  /** All problems for some planes, then for the next: together they write every element of y. */
  private static void run(
      List<Shifted.Problem> problems,
      List<Operand> weights,
      Operand x,
      Epilogue epilogue,
      Operand y) {
    Shifted.Problem p = problems.getFirst();
    int blocks = problems.stream().mapToInt(DepthwisePlanes::blocks).max().orElse(1);
    DepthwisePlanes[] parts = new DepthwisePlanes[problems.size()];
    long work = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new DepthwisePlanes(problems.get(i), weights.get(i), blocks);
      work += parts[i].work();
    }
    Parallel.range(
        p.images() * p.groups() * blocks,
        Parallel.grain(work),
        (from, to) -> {
          for (DepthwisePlanes part : parts) {
            part.run(from, to, x, epilogue, y);
          }
        });
  }

  /** The weight at these taps alone, [oc][ty][tx]. */
  private static Object taps(Conv2dPlan p, Operand w, int[] down, int[] across) {
    int all = p.kh() * p.kw();
    int used = down.length * across.length;
    Object taps = Scratch.of(p.dtype(), (long) p.oc() * used);
    Rows rows = Rows.of(p.dtype());
    for (int i = 0; i < used; i++) {
      int from = w.at() + down[i / across.length] * p.kw() + across[i % across.length];
      rows.move(w.array(), from, all, taps, i, used, p.oc());
    }
    return taps;
  }

  @Override
  public void backwardWeight(Conv2dPlan p, Operand x, Operand gy, Operand gw) {
    new ShiftedBackwardWeight(p).run(x, gy, gw);
  }
}
