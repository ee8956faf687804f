package dev.crema.nn.optim;

import dev.crema.tensor.Tensor;
import java.util.List;

/**
 * Adam with weight decay apart from the gradient's moments (Loshchilov and Hutter, 2019), by
 * default 0.01.
 */
public final class AdamW extends Adam {

  /** Learning rate 1e-3. */
  public AdamW(List<Tensor> parameters) {
    this(parameters, 1e-3);
  }

  /** Betas 0.9 and 0.999, eps 1e-8, weight decay 0.01. */
  public AdamW(List<Tensor> parameters, double lr) {
    super(parameters, lr, 0.01, true);
  }
}
