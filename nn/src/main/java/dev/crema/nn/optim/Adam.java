package dev.crema.nn.optim;

import dev.crema.backend.AdamStep;
import dev.crema.op.Update;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.function.LongSupplier;

/** Adam (Kingma and Ba, 2015): {@link AdamStep} is the formula. */
public sealed class Adam extends Optimizer permits AdamW {
  private static final String FIRST = "exp_avg";
  private static final String SECOND = "exp_avg_sq";
  private static final String BETA2 = "beta2";
  private static final String EPS = "eps";

  private final boolean decoupled;

  /** Learning rate 1e-3. */
  public Adam(List<Tensor> parameters) {
    this(parameters, 1e-3);
  }

  /** Betas 0.9 and 0.999, eps 1e-8, no weight decay. */
  public Adam(List<Tensor> parameters, double lr) {
    this(parameters, lr, 0, false);
  }

  Adam(List<Tensor> parameters, double lr, double weightDecay, boolean decoupled) {
    super(parameters, lr, 0.9, weightDecay);
    this.decoupled = decoupled;
    set(BETA2, 0.999);
    set(EPS, 1e-8);
  }

  /**
   * How much of the old mean and of the old mean square stays, from 0 to below 1; beta1 is the
   * groups' momentum.
   */
  public Adam betas(double beta1, double beta2) {
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          getClass().getSimpleName()
              + ": expected betas from 0 to below 1, got "
              + beta1
              + " and "
              + beta2);
    }
    all(group -> group.momentum(beta1));
    set(BETA2, beta2);
    return this;
  }

  /** What keeps the denominator from zero. */
  public Adam eps(double eps) {
    set(EPS, eps);
    return this;
  }

  /**
   * How much of the weight is added to its gradient; in AdamW, by how much it shrinks, times the
   * learning rate.
   */
  public Adam weightDecay(double weightDecay) {
    all(group -> group.weightDecay(weightDecay));
    return this;
  }

  @Override
  protected void update(ParamGroup group, LongSupplier t, List<ParamState> states) {
    Update.adam(
        () -> step(group, t.getAsLong()), states.stream().map(Adam::operands).toList(), skip());
  }

  private AdamStep step(ParamGroup group, long t) {
    return new AdamStep(
        group.lr(), group.momentum(), get(BETA2), get(EPS), group.weightDecay(), decoupled, t);
  }

  private static Update.Operands operands(ParamState state) {
    return new Update.Operands(
        state.parameter(), state.gradient(), state.get(FIRST), state.get(SECOND));
  }

  @Override
  protected List<String> stateNames() {
    return List.of(FIRST, SECOND);
  }
}
