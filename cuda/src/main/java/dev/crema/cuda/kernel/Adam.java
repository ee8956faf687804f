package dev.crema.cuda.kernel;

import dev.crema.backend.AdamStep;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Adam and AdamW: {@code step.cu}. */
public final class Adam {
  private Adam() {}

  /** Updates each p, m and v. */
  public static void run(
      CudaDevice device, Supplier<AdamStep> step, List<StepViews> parameters, @Nullable View skip) {
    Steps.launch(device, "adam", parameters, skip, 7, () -> settings(step.get()), _ -> {});
  }

  private static double[] settings(AdamStep step) {
    return new double[] {
      step.decoupled() ? 1 - step.lr() * step.weightDecay() : 1,
      step.decoupled() ? 0 : step.weightDecay(),
      step.beta1(),
      step.beta2(),
      step.lr() / (1 - Math.pow(step.beta1(), step.t())),
      Math.sqrt(1 - Math.pow(step.beta2(), step.t())),
      step.eps()
    };
  }
}
