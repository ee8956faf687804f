package dev.crema.nn.optim;

import dev.crema.autograd.NoGrad;
import dev.crema.backend.Capture;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes parameters by their gradients, a step at a time:
 *
 * {@snippet :
 * var optimizer = new SGD(model.parameters(), 0.1).momentum(0.9).weightDecay(5e-4);
 * for (Batch batch : loader) {
 *   try (batch; var _ = Scope.open("step")) {
 *     optimizer.zeroGrad();
 *     loss.call(model.call(batch.images()), batch.labels()).backward();
 *     optimizer.step();
 *   }
 * }
 * }
 *
 * <p>Options follow the constructor and go to every group that there is. What it remembers lives
 * outside scopes until {@link #close}.
 */
public abstract class Optimizer implements AutoCloseable {
  private final List<ParamGroup> groups = new ArrayList<>();
  private final Map<Tensor, ParamState> states = new IdentityHashMap<>();
  private final Map<String, Double> settings = new LinkedHashMap<>();
  private List<ParamState> last = List.of();
  private @Nullable Tensor skip;
  private Runnable beforeStateDict = () -> {};

  /** An optimizer with one group. */
  protected Optimizer(List<Tensor> parameters, double lr, double momentum, double weightDecay) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "optimizer: expected parameters, got none. Hint: a Module's layers are registered with"
              + " add: final Linear fc = add(\"fc\", new Linear(8, 2))");
    }
    add(new ParamGroup(parameters, lr, momentum, weightDecay));
  }

  /**
   * Updates parameters of one group in place, all of which have a gradient and are at the same
   * step.
   *
   * @param t the number of this step, from 1; asked for in each run, as are a group's settings, by
   *     what can be captured
   */
  protected abstract void update(ParamGroup group, LongSupplier t, List<ParamState> states);

  /** The names of the tensors that {@link #update} keeps per parameter. */
  protected abstract List<String> stateNames();

  /** Those of {@link #stateNames} that a parameter may be without: kept with momentum only. */
  protected List<String> optionalStateNames() {
    return List.of();
  }

  /**
   * One f32 where a {@link GradScaler} makes the step: {@link #update} is to change nothing if that
   * is not 0 when the device comes to it. Else null.
   */
  protected final @Nullable Tensor skip() {
    return skip;
  }

  /** Sets what all groups share, such as eps; a checkpoint has it by this name. */
  protected final void set(String name, double value) {
    settings.put(name, value);
  }

  /** What was {@link #set}. */
  protected final double get(String name) {
    return Objects.requireNonNull(settings.get(name), name);
  }

  /** Adds parameters with their own learning rate, and otherwise the first group's settings. */
  public final ParamGroup addParamGroup(List<Tensor> parameters, double lr) {
    ParamGroup first = groups.getFirst();
    return add(new ParamGroup(parameters, lr, first.momentum(), first.weightDecay()));
  }

  private ParamGroup add(ParamGroup group) {
    for (Tensor p : group.parameters()) {
      if (states.putIfAbsent(p, new ParamState(p)) != null) {
        throw new IllegalArgumentException(
            "optimizer: a parameter of shape %s is in two groups or twice in one"
                .formatted(p.shape()));
      }
    }
    groups.add(group);
    return group;
  }

  /** The groups: what the constructor got, then those added. */
  public final List<ParamGroup> paramGroups() {
    return Collections.unmodifiableList(groups);
  }

  /** Changes the settings of every group. */
  protected final void all(Consumer<ParamGroup> change) {
    groups.forEach(change);
  }

  /** Updates every parameter that has a gradient; frozen ones have none. */
  public final void step() {
    try (var _ = NoGrad.open();
        var _ = Scope.open("optimizer step")) {
      Capture.eachRun(() -> last = new ArrayList<>());
      for (ParamGroup group : groups) {
        for (List<ParamState> states : due(group)) {
          Capture.eachRun(() -> count(states));
          update(group, () -> states.getFirst().steps, states);
        }
      }
    }
  }

  /** A step that the device leaves out where the flag is set. */
  final void step(Tensor flag, Runnable settle) {
    skip = flag;
    beforeStateDict = settle;
    try {
      step();
    } finally {
      skip = null;
    }
  }

  /** The last step was left out: it does not count. */
  final void uncountLastStep() {
    last.forEach(ParamState::uncount);
    last = List.of();
  }

  /** The parameters that have a gradient, by the number of their step: one list as a rule. */
  private Collection<List<ParamState>> due(ParamGroup group) {
    Map<Long, List<ParamState>> due = new LinkedHashMap<>();
    for (Tensor p : group.parameters()) {
      if (p.grad() != null) {
        ParamState state = state(p);
        due.computeIfAbsent(state.steps, _ -> new ArrayList<>()).add(state);
      }
    }
    return due.values();
  }

  private void count(List<ParamState> states) {
    long steps = states.getFirst().steps;
    for (ParamState state : states) {
      if (state.steps != steps) {
        throw new IllegalStateException(
            "optimizer: a captured step's parameters are not at the same step any more. Hint:"
                + " another captured step");
      }
      state.count();
      last.add(state);
    }
  }

  /** Drops the gradients of all parameters. */
  public final void zeroGrad() {
    groups.forEach(group -> group.parameters().forEach(Tensor::zeroGrad));
  }

  /**
   * What a checkpoint needs to go on: {@code state.0.step}, {@code state.0.exp_avg}, … for the
   * first parameter, {@code param_groups.0}, the first group's settings, and {@code settings.eps},
   * …, those that all groups share. State tensors are the optimizer's own; steps and settings
   * belong to the current scope.
   */
  public final Map<String, Tensor> stateDict() {
    beforeStateDict.run();
    return new OptimizerState(this).save();
  }

  /**
   * Goes on from a checkpoint of an optimizer with the same groups, with its settings. The tensors
   * are copied; they may be this optimizer's own.
   *
   * @throws dev.crema.nn.StateDictException naming everything that does not fit; nothing is changed
   *     then
   */
  public final void loadStateDict(Map<String, Tensor> saved) {
    new OptimizerState(this).load(saved);
  }

  /** Frees what it remembers; the parameters are not its own. */
  @Override
  public void close() {
    states.values().forEach(ParamState::close);
  }

  final Map<String, Double> settings() {
    return settings;
  }

  final ParamState state(Tensor p) {
    return states.computeIfAbsent(p, ParamState::new);
  }

  /** Every parameter, group by group. */
  final List<Tensor> parameters() {
    return groups.stream().flatMap(group -> group.parameters().stream()).toList();
  }
}
