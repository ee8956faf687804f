package dev.crema.nn.optim;

import dev.crema.backend.SgdStep;
import dev.crema.op.Update;
import dev.crema.tensor.Tensor;
import java.util.List;

/** Stochastic gradient descent, with momentum if asked: {@link SgdStep} is the formula. */
public final class SGD extends Optimizer {
  private static final String MOMENTUM = "momentum_buffer";
  private static final String DAMPENING = "dampening";
  private static final String NESTEROV = "nesterov";

  /** Without momentum and weight decay. */
  public SGD(List<Tensor> parameters, double lr) {
    super(parameters, lr, 0, 0);
    set(DAMPENING, 0);
    set(NESTEROV, 0);
  }

  /** How much of the last step goes into the next. */
  public SGD momentum(double momentum) {
    all(group -> group.momentum(momentum));
    return this;
  }

  /** By how much the gradient counts less in the momentum. */
  public SGD dampening(double dampening) {
    set(DAMPENING, dampening);
    return this;
  }

  /** Nesterov's momentum, which looks ahead; needs momentum, and no dampening. */
  public SGD nesterov(boolean nesterov) {
    set(NESTEROV, nesterov ? 1 : 0);
    return this;
  }

  /** How much of the weight is added to its gradient. */
  public SGD weightDecay(double weightDecay) {
    all(group -> group.weightDecay(weightDecay));
    return this;
  }

  @Override
  protected void update(ParamGroup group, Tensor p, Tensor g, ParamState state) {
    double momentum = group.momentum();
    double dampening = get(DAMPENING);
    boolean nesterov = get(NESTEROV) != 0;
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "SGD: Nesterov needs momentum above 0 and dampening 0, got %s and %s"
              .formatted(momentum, dampening));
    }
    boolean first = !state.has(MOMENTUM);
    Tensor m = momentum == 0 ? null : state.get(MOMENTUM);
    var step = new SgdStep(group.lr(), momentum, dampening, group.weightDecay(), nesterov, first);
    Update.sgd(step, p, g, m);
  }

  @Override
  protected List<String> stateNames() {
    return List.of(MOMENTUM);
  }

  @Override
  protected List<String> optionalStateNames() {
    return List.of(MOMENTUM);
  }
}
