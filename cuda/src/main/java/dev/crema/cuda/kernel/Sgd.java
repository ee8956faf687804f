package dev.crema.cuda.kernel;

import dev.crema.backend.SgdStep;
import dev.crema.backend.StepViews;
import dev.crema.cuda.driver.CudaDevice;
import java.util.List;

/** Stochastic gradient descent: {@code step.cu}. */
public final class Sgd {
  private Sgd() {}

  /** Updates each p, and m where the step has momentum. */
  public static void run(CudaDevice device, SgdStep step, List<StepViews> parameters) {
    if (step.momentum() == 0) {
      Steps.launch(device, "sgd", parameters, args -> args.f64(step.lr()).f64(step.weightDecay()));
      return;
    }
    Steps.launch(
        device,
        "sgd_momentum",
        parameters,
        args ->
            args.f64(step.lr())
                .f64(step.weightDecay())
                .f64(step.momentum())
                .f64(step.dampening())
                .i32(step.nesterov() ? 1 : 0)
                .i32(step.first() ? 1 : 0));
  }
}
