package dev.crema.nn.optim;

import dev.crema.tensor.Tensor;
import java.util.List;

/** Parameters that are updated with the same settings. Schedules change them from step to step. */
public final class ParamGroup {
  private final List<Tensor> parameters;
  private double lr;
  private double momentum;
  private double weightDecay;

  ParamGroup(List<Tensor> parameters, double lr, double momentum, double weightDecay) {
    this.parameters = List.copyOf(parameters);
    lr(lr).momentum(momentum).weightDecay(weightDecay);
  }

  /** What is updated. */
  public List<Tensor> parameters() {
    return parameters;
  }

  /** The learning rate. */
  public double lr() {
    return lr;
  }

  /** Sets the learning rate. */
  public ParamGroup lr(double lr) {
    this.lr = notNegative("learning rate", lr);
    return this;
  }

  /** The momentum; of Adam, beta1. */
  public double momentum() {
    return momentum;
  }

  /** Sets the momentum. */
  public ParamGroup momentum(double momentum) {
    this.momentum = notNegative("momentum", momentum);
    return this;
  }

  /** The weight decay. */
  public double weightDecay() {
    return weightDecay;
  }

  /** Sets the weight decay. */
  public ParamGroup weightDecay(double weightDecay) {
    this.weightDecay = notNegative("weight decay", weightDecay);
    return this;
  }

  private static double notNegative(String what, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(
          "optimizer: expected a %s of at least 0, got %s".formatted(what, value));
    }
    return value;
  }
}
