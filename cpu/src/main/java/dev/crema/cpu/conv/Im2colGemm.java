package dev.crema.cpu.conv;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.memory.BufferPool;
import org.jspecify.annotations.Nullable;

/** Convolution as a product with the {@link Im2col} matrix: does everything, and well. */
final class Im2colGemm implements ConvAlgorithm {
  @Override
  public String name() {
    return "im2col";
  }

  @Override
  public @Nullable String declines(Conv2dPlan plan, Direction direction) {
    return null;
  }

  @Override
  public double cost(Conv2dPlan p, Direction direction) {
    return switch (direction) {
      case FORWARD -> Cost.products(p) + panels(p) + Cost.weight(p) * Cost.STREAM;
      case BACKWARD_INPUT ->
          TurnedWeight.fits(p)
              ? cost(TurnedWeight.plan(p), Direction.FORWARD) + Cost.weight(p) * Cost.MOVE
              : Cost.products(p) + 2 * Cost.columns(p) * Cost.move(p);
      case BACKWARD_WEIGHT ->
          Cost.products(p)
              + 2 * Cost.columns(p) * Cost.move(p)
              + Cost.output(p) * Cost.MOVE * Math.max(1, p.icPerGroup() * p.kh() * p.kw() / 480);
    };
  }

  /** Making the column matrix, in panels. */
  private static double panels(Conv2dPlan p) {
    boolean pointwise = p.kh() * p.kw() * p.sh() * p.sw() == 1;
    return Cost.columns(p) * (pointwise ? Cost.STREAM : Cost.move(p));
  }

  @Override
  public void forward(Conv2dPlan plan, Operand x, Operand w, Epilogue epilogue, Operand y) {
    new Im2colForward(plan, x, w, epilogue, y).run();
  }

  @Override
  public void backwardInput(Conv2dPlan plan, Operand gy, Operand w, Operand gx) {
    if (TurnedWeight.fits(plan)) {
      Object turned = TurnedWeight.of(plan, w);
      Operand weight = new Operand(turned, 0);
      new Im2colForward(TurnedWeight.plan(plan), gy, weight, Epilogue.NONE, gx).run();
      BufferPool.shared().give(turned);
    } else {
      new Im2colBackwardInput(plan, gy, w, gx).run();
    }
  }

  @Override
  public void backwardWeight(Conv2dPlan plan, Operand x, Operand gy, Operand gw) {
    new Im2colBackwardWeight(plan, x, gy, gw).run();
  }
}
