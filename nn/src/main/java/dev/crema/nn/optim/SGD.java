package dev.crema.nn.optim;

import dev.crema.backend.SgdStep;
import dev.crema.op.Update;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

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
  protected void update(ParamGroup group, LongSupplier t, List<ParamState> states) {
    check(group);
    boolean hasMomentum = group.momentum() != 0;
    // A parameter without a buffer yet is at its first step with momentum, whatever t is.
    states.stream()
        .collect(Collectors.partitioningBy(state -> state.isNew(MOMENTUM)))
        .values()
        .forEach(
            some ->
                Update.sgd(
                    () -> step(group, some.getFirst().isNew(MOMENTUM)),
                    some.stream().map(state -> operands(state, hasMomentum)).toList(),
                    skip()));
  }

  private SgdStep step(ParamGroup group, boolean first) {
    return new SgdStep(
        group.lr(),
        group.momentum(),
        get(DAMPENING),
        group.weightDecay(),
        get(NESTEROV) != 0,
        first);
  }

  private void check(ParamGroup group) {
    double momentum = group.momentum();
    double dampening = get(DAMPENING);
    if (get(NESTEROV) != 0 && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "SGD: Nesterov needs momentum above 0 and dampening 0, got %s and %s"
              .formatted(momentum, dampening));
    }
  }

  private static Update.Operands operands(ParamState state, boolean hasMomentum) {
    Tensor m = hasMomentum ? state.get(MOMENTUM) : null;
    return new Update.Operands(state.parameter(), state.gradient(), m, null);
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
