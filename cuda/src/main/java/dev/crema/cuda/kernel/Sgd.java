package dev.crema.cuda.kernel;

import dev.crema.backend.SgdStep;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stochastic gradient descent: {@code step.cu}. */
public final class Sgd {
  private Sgd() {}

  /** Updates each p, and m where the step has momentum. */
  public static void run(
      CudaDevice device, Supplier<SgdStep> step, List<StepViews> parameters, @Nullable View skip) {
    SgdStep now = step.get();
    if (now.momentum() == 0) {
      Steps.launch(device, "sgd", parameters, skip, 5, () -> settings(step.get(), false), _ -> {});
      return;
    }
    Steps.launch(
        device,
        "sgd_momentum",
        parameters,
        skip,
        5,
        () -> settings(step.get(), true),
        args -> args.i32(now.nesterov() ? 1 : 0));
  }

  private static double[] settings(SgdStep step, boolean momentum) {
    Steps.checkMomentum("sgd", momentum, step.momentum());
    return new double[] {
      step.lr(), step.weightDecay(), step.momentum(), step.dampening(), step.first() ? 1 : 0
    };
  }
}
