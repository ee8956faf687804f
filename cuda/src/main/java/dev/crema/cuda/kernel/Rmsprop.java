package dev.crema.cuda.kernel;

import dev.crema.backend.RmspropStep;
import dev.crema.backend.StepViews;
import dev.crema.cuda.driver.CudaDevice;
import java.util.List;

/** RMSprop: {@code step.cu}. */
public final class Rmsprop {
  private Rmsprop() {}

  /** Updates each p and v, and m where the step has momentum. */
  public static void run(CudaDevice device, RmspropStep step, List<StepViews> parameters) {
    boolean momentum = step.momentum() != 0;
    Steps.launch(
        device,
        momentum ? "rmsprop_momentum" : "rmsprop",
        parameters,
        args -> {
          args.f64(step.lr()).f64(step.alpha()).f64(step.eps()).f64(step.weightDecay());
          if (momentum) {
            args.f64(step.momentum());
          }
        });
  }
}
