package dev.crema.examples.run;

import dev.crema.nn.optim.CosineAnnealingLR;
import dev.crema.nn.optim.LRScheduler;
import dev.crema.nn.optim.OneCycleLR;
import dev.crema.nn.optim.Optimizer;
import dev.crema.nn.optim.StepLR;
import java.util.Locale;

/** The courses of the learning rate to choose from. All of them move on after each step. */
public enum ScheduleKind {
  /** It stays. */
  CONSTANT,
  /** A tenth of it after each third of the run. */
  STEP,
  /** Down to zero along half a cosine. */
  COSINE,
  /** Up and down again, with the momentum the other way. */
  ONE_CYCLE;

  LRScheduler create(Optimizer optimizer, double lr, int totalSteps) {
    return switch (this) {
      case CONSTANT -> new StepLR(optimizer, 1, 1);
      case STEP -> new StepLR(optimizer, Math.ceilDiv(totalSteps, 3));
      case COSINE -> new CosineAnnealingLR(optimizer, totalSteps);
      case ONE_CYCLE -> new OneCycleLR(optimizer, lr, Math.max(2, totalSteps));
    };
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
