package dev.crema.nn.optim;

import dev.crema.backend.RmspropStep;
import dev.crema.op.Update;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.function.LongSupplier;

/** RMSprop (Hinton, lecture 6e): {@link RmspropStep} is the formula. */
public final class RMSprop extends Optimizer {
  private static final String SQUARES = "square_avg";
  private static final String MOMENTUM = "momentum_buffer";
  private static final String ALPHA = "alpha";
  private static final String EPS = "eps";

  /** Learning rate 0.01. */
  public RMSprop(List<Tensor> parameters) {
    this(parameters, 0.01);
  }

  /** Alpha 0.99, eps 1e-8, no momentum, no weight decay. */
  public RMSprop(List<Tensor> parameters, double lr) {
    super(parameters, lr, 0, 0);
    set(ALPHA, 0.99);
    set(EPS, 1e-8);
  }

  /** How much of the old mean square stays. */
  public RMSprop alpha(double alpha) {
    set(ALPHA, alpha);
    return this;
  }

  /** What keeps the denominator from zero. */
  public RMSprop eps(double eps) {
    set(EPS, eps);
    return this;
  }

  /** How much of the last step goes into the next. */
  public RMSprop momentum(double momentum) {
    all(group -> group.momentum(momentum));
    return this;
  }

  /** How much of the weight is added to its gradient. */
  public RMSprop weightDecay(double weightDecay) {
    all(group -> group.weightDecay(weightDecay));
    return this;
  }

  @Override
  protected void update(ParamGroup group, LongSupplier t, List<ParamState> states) {
    boolean hasMomentum = group.momentum() != 0;
    Update.rmsprop(
        () -> step(group),
        states.stream().map(state -> operands(state, hasMomentum)).toList(),
        skip());
  }

  private RmspropStep step(ParamGroup group) {
    return new RmspropStep(group.lr(), get(ALPHA), get(EPS), group.weightDecay(), group.momentum());
  }

  private static Update.Operands operands(ParamState state, boolean hasMomentum) {
    Tensor m = hasMomentum ? state.get(MOMENTUM) : null;
    return new Update.Operands(state.parameter(), state.gradient(), m, state.get(SQUARES));
  }

  @Override
  protected List<String> stateNames() {
    return List.of(SQUARES, MOMENTUM);
  }

  @Override
  protected List<String> optionalStateNames() {
    return List.of(MOMENTUM);
  }
}
