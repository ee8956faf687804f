package dev.crema.cuda.kernel;

import dev.crema.backend.RmspropStep;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** RMSprop: {@code step.cu}. */
public final class Rmsprop {
  private Rmsprop() {}

  /** Updates each p and v, and m where the step has momentum. */
  public static void run(
      CudaDevice device,
      Supplier<RmspropStep> step,
      List<StepViews> parameters,
      @Nullable View skip) {
    boolean momentum = step.get().momentum() != 0;
    Steps.launch(
        device,
        momentum ? "rmsprop_momentum" : "rmsprop",
        parameters,
        skip,
        5,
        () -> settings(step.get(), momentum),
        _ -> {});
  }

  private static double[] settings(RmspropStep step, boolean momentum) {
    Steps.checkMomentum("rmsprop", momentum, step.momentum());
    return new double[] {step.lr(), step.alpha(), step.eps(), step.weightDecay(), step.momentum()};
  }
}
