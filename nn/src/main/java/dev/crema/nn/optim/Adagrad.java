package dev.crema.nn.optim;

import dev.crema.backend.Capture;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Adagrad (Duchi, Hazan and Singer, 2011), as PyTorch's: g += weightDecay·p; s += g²; p −= lr / (1
 * + (t − 1)·lrDecay) · g / (√s + eps).
 */
public final class Adagrad extends Optimizer {
  private static final String SUM = "sum";
  private static final String LR_DECAY = "lr_decay";
  private static final String EPS = "eps";

  /** Learning rate 0.01. */
  public Adagrad(List<Tensor> parameters) {
    this(parameters, 0.01);
  }

  /** No decay of the learning rate, no weight decay, eps 1e-10. */
  public Adagrad(List<Tensor> parameters, double lr) {
    super(parameters, lr, 0, 0);
    set(LR_DECAY, 0);
    set(EPS, 1e-10);
  }

  /** By how much the learning rate falls with every step. */
  public Adagrad lrDecay(double lrDecay) {
    set(LR_DECAY, lrDecay);
    return this;
  }

  /** What keeps the denominator from zero. */
  public Adagrad eps(double eps) {
    set(EPS, eps);
    return this;
  }

  /** How much of the weight is added to its gradient. */
  public Adagrad weightDecay(double weightDecay) {
    all(group -> group.weightDecay(weightDecay));
    return this;
  }

  @Override
  protected void update(ParamGroup group, LongSupplier t, List<ParamState> states) {
    Capture.refuse("Adagrad", "has its learning rate in its ops", "SGD, Adam, AdamW or RMSprop");
    double lr = group.lr() / (1 + (t.getAsLong() - 1) * get(LR_DECAY));
    Tensor skip = skip(); // a step by zeros changes nothing
    for (ParamState state : states) {
      Tensor p = state.parameter();
      Tensor g0 = state.gradient();
      Tensor g1 = group.weightDecay() == 0 ? g0 : g0.add(p.mul(group.weightDecay()));
      Tensor g = skip == null ? g1 : Tensor.where(skip.ne(0), Tensor.zerosLike(g1), g1);
      Tensor sum = state.get(SUM).add_(g.square());
      p.sub_(g.div(sum.sqrt().add(get(EPS))).mul(lr));
    }
  }

  @Override
  protected List<String> stateNames() {
    return List.of(SUM);
  }
}
