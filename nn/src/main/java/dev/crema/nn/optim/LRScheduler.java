package dev.crema.nn.optim;

import java.util.List;

/**
 * Sets the learning rates of an optimizer's groups as a function of the epoch and of what they were
 * when the schedule was made. Call {@link #step} after each epoch (after each batch for {@link
 * OneCycleLR}). One optimizer has one schedule, made after its last group.
 */
public abstract class LRScheduler {
  private final Optimizer optimizer;
  private final List<ParamGroup> groups;
  private final double[] baseLrs;
  private final double[] baseMomenta;
  private int epoch;

  /**
   * A schedule at epoch 0. A subclass that changes what the groups begin with calls {@link #moveTo}
   * with 0 once it is made.
   */
  protected LRScheduler(Optimizer optimizer) {
    this.optimizer = optimizer;
    this.groups = List.copyOf(optimizer.paramGroups());
    this.baseLrs = groups.stream().mapToDouble(ParamGroup::lr).toArray();
    this.baseMomenta = groups.stream().mapToDouble(ParamGroup::momentum).toArray();
  }

  /** The learning rate at an epoch, for a group that began with {@code base}. */
  protected abstract double lr(double base, int epoch);

  /** The momentum at an epoch, for a group that began with {@code base}; by default that. */
  protected double momentum(double base, int epoch) {
    return base;
  }

  /** Goes on to the next epoch. */
  public final void step() {
    moveTo(epoch + 1);
  }

  /**
   * Goes to any epoch, for instance to go on after a checkpoint.
   *
   * @throws IllegalStateException if the optimizer got another group after this was made
   */
  public final void moveTo(int epoch) {
    int now = optimizer.paramGroups().size();
    if (now != groups.size()) {
      throw new IllegalStateException(
          "schedule: expected the %s parameter groups that it was made for, got %s. Hint: add groups before making the schedule"
              .formatted(groups.size(), now));
    }
    this.epoch = epoch;
    for (int i = 0; i < baseLrs.length; i++) {
      groups.get(i).lr(lr(baseLrs[i], epoch)).momentum(momentum(baseMomenta[i], epoch));
    }
  }

  /** The epoch it is at, from 0. */
  public final int epoch() {
    return epoch;
  }

  /** The learning rates now, one per group. */
  public final double[] lastLr() {
    return groups.stream().mapToDouble(ParamGroup::lr).toArray();
  }
}
