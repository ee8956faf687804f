package dev.crema.examples.run;

import dev.crema.nn.optim.Adam;
import dev.crema.nn.optim.AdamW;
import dev.crema.nn.optim.Optimizer;
import dev.crema.nn.optim.RMSprop;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/** The optimizers to choose from. */
public enum OptimizerKind {
  SGD,
  ADAM,
  ADAMW,
  RMSPROP;

  Optimizer create(List<Tensor> parameters, Settings s) {
    return switch (this) {
      case SGD -> new SGD(parameters, s.lr()).momentum(s.momentum()).weightDecay(s.weightDecay());
      case ADAM -> new Adam(parameters, s.lr()).weightDecay(s.weightDecay());
      case ADAMW -> new AdamW(parameters, s.lr()).weightDecay(s.weightDecay());
      case RMSPROP ->
          new RMSprop(parameters, s.lr()).momentum(s.momentum()).weightDecay(s.weightDecay());
    };
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
