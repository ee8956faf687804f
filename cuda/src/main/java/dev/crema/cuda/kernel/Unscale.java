package dev.crema.cuda.kernel;

import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import java.util.List;

/** Gradients back from a scaled loss, and whether one of them overflowed: {@code step.cu}. */
public final class Unscale {
  private Unscale() {}

  /** Each gradient times factor; found = 1 where an element was not finite. */
  public static void run(CudaDevice device, View factor, List<View> gradients, View found) {
    List<StepViews> views = gradients.stream().map(g -> new StepViews(g, g, null, null)).toList();
    Steps.launch(device, "unscale", views, args -> args.at(factor).at(found));
  }
}
