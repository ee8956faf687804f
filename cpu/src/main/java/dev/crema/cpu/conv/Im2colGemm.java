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
    double columns = Cost.columns(p);
    return switch (direction) {
      case FORWARD ->
          Cost.products(p) * Cost.PRODUCT + columns * Cost.column(p) + Cost.weight(p) * Cost.WEIGHT;
      case BACKWARD_INPUT ->
          TurnedWeight.fits(p)
              ? cost(TurnedWeight.plan(p), Direction.FORWARD)
                  + Cost.weight(p) * (Cost.TURNED_WEIGHT - Cost.WEIGHT)
              : Cost.products(p) * Cost.PRODUCT
                  + columns * 1.5 * Cost.MOVE
                  + Cost.weight(p) * Cost.TURNED_WEIGHT;
      case BACKWARD_WEIGHT ->
          Cost.products(p) * Cost.PRODUCT
              + columns * (p.sw() <= 2 ? Cost.MOVE : 2.5 * Cost.MOVE)
              + Cost.output(p) * Cost.MOVE
              + Cost.weight(p) * 1.5 * Cost.MOVE;
    };
  }

  @Override
  public void forward(Conv2dPlan plan, Operand x, Operand w, Epilogue epilogue, Operand y) {
    new Im2colForward(plan, x, w, epilogue, y).run();
  }

  @Override
  public void backwardInput(Conv2dPlan plan, Operand gy, Operand w, Operand gx) {
    if (TurnedWeight.fits(plan) && plan.kh() * plan.kw() == 1) {
      Conv2dPlan turned = TurnedWeight.plan(plan); // and the weight transposed, which packing does
      new Im2colForward(turned, gy, w, 1, plan.icPerGroup(), Epilogue.NONE, gx).run();
    } else if (TurnedWeight.fits(plan)) {
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
