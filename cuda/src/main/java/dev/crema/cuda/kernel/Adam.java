package dev.crema.cuda.kernel;

import dev.crema.backend.AdamStep;
import dev.crema.backend.StepViews;
import dev.crema.cuda.driver.CudaDevice;
import java.util.List;

/** Adam and AdamW: {@code step.cu}. */
public final class Adam {
  private Adam() {}

  /** Updates each p, m and v. */
  public static void run(CudaDevice device, AdamStep step, List<StepViews> parameters) {
    double decay = step.decoupled() ? 1 - step.lr() * step.weightDecay() : 1;
    double rate = step.lr() / (1 - Math.pow(step.beta1(), step.t()));
    double root = Math.sqrt(1 - Math.pow(step.beta2(), step.t()));
    Steps.launch(
        device,
        "adam",
        parameters,
        args ->
            args.f64(decay)
                .f64(step.decoupled() ? 0 : step.weightDecay())
                .f64(step.beta1())
                .f64(step.beta2())
                .f64(rate)
                .f64(root)
                .f64(step.eps()));
  }
}
