package dev.crema.nn;

import dev.crema.autograd.NoGrad;
import dev.crema.autograd.Place;
import dev.crema.nn.init.Init;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.TensorException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A layer, or a network of layers. A network is a class whose fields are its layers, in PyTorch's
 * manner: {@code forward} says what it computes, {@code call} runs it.
 *
 * {@snippet :
 * final class SimpleCNN extends Module {
 *   private final Conv2d conv1 = add("conv1", new Conv2d(1, 8, 3));
 *   private final MaxPool2d pool = add("pool", new MaxPool2d(2));
 *   private final Linear fc = add("fc", new Linear(8 * 13 * 13, 10));
 *
 *   @Override
 *   protected Tensor forward(Tensor x) {
 *     return fc.call(pool.call(conv1.call(x).relu()).flatten(1));
 *   }
 * }
 * }
 *
 * <p>A layer in a field without {@code add} is an error at the first call. One that belongs to
 * another module, and is only used here, goes into a {@code transient} field. (On the module path
 * this is checked in packages that are opened to {@code dev.crema.nn}.)
 *
 * <p>Names make paths ({@code features.0.weight}); order is the order of registration. Parameters
 * and buffers live outside scopes until {@link #close}. Threads may share a module in {@code eval}
 * mode; everything that changes it, training included, belongs to one thread at a time.
 *
 * <p>Import this class by name: with a star import it would stand beside {@code java.lang.Module}.
 */
public abstract class Module implements AutoCloseable {
  private final Map<String, Module> children = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private final List<ForwardHook> hooks = new CopyOnWriteArrayList<>();
  private final @Nullable Generator seeded = Init.seededGenerator();

  private String name = "";
  private boolean training = true;
  private volatile boolean built;
  private boolean fieldsChecked;

  /** A module in training mode, without layers. */
  protected Module() {}

  // ---- for subclasses ----

  /**
   * What the module computes. Callers use {@link #call}, which adds scope, hooks and error path.
   */
  protected abstract Tensor forward(Tensor x);

  /**
   * Makes the parameters of a layer whose options decide their shapes. Called once, when the layer
   * is registered with another module or first used, so that options may follow the constructor:
   * {@code new Conv2d(3, 32, 3).padding(1)}.
   */
  protected void build() {}

  /** Registers a layer under a name without dots and returns it. */
  protected final <M extends Module> M add(String name, M module) {
    checkNew(name);
    adopt(name, module);
    return module;
  }

  /** Puts another layer in the place of a registered one, and returns it. */
  protected final <M extends Module> M replace(String name, M module) {
    if (!children.containsKey(name)) {
      throw ModuleTree.unknown(this, "layer", name, children);
    }
    adopt(name, module);
    return module;
  }

  /** Registers a trainable tensor, which from here on lives outside scopes, and returns it. */
  protected final Tensor parameter(String name, Tensor initial) {
    checkNew(name);
    parameters.put(name, Scope.escape(initial.requiresGrad_()));
    return initial;
  }

  /** Registers a tensor that is saved and moved with the module but not trained. */
  protected final Tensor buffer(String name, Tensor initial) {
    checkNew(name);
    buffers.put(name, Scope.escape(initial));
    return initial;
  }

  /** A parameter of this module itself, or null where there is none of this name. */
  protected final @Nullable Tensor findParameter(String name) {
    return ownParameters().get(name);
  }

  /** Refuses an option that comes after {@link #build}. */
  protected final void checkConfigurable(String option) {
    if (built) {
      throw new IllegalStateException(
          "%s.%s: expected before the layer is registered or used. Hint: chain it to the constructor"
              .formatted(typeName(), option));
    }
  }

  /**
   * Where this module's random numbers come from: the generator of {@link Init#seeded} if it was
   * made there, else the global one.
   */
  protected final Generator generator() {
    return seeded != null ? seeded : Generator.global();
  }

  /** A fresh f32 tensor, uniform in [−bound, bound), from {@link #generator}. */
  protected final Tensor uniform(double bound, long... shape) {
    return Tensor.uniform(-bound, bound, Shape.of(shape), DType.F32, Device.cpu(), generator());
  }

  /** The class's name as it is printed. */
  protected String typeName() {
    return getClass().getSimpleName();
  }

  /** What stands between the parentheses when the module is printed. */
  protected String extraRepr() {
    return "";
  }

  /**
   * The multiply-adds of one forward by this module alone, without its layers; for {@link
   * #summary}.
   */
  protected long multiplyAdds(Tensor input, Tensor output) {
    return 0;
  }

  // ---- running ----

  /**
   * Runs the module. Every tensor that {@code forward} makes is closed on return, but the result
   * and what the graph saved. An error gets the module's path in front of its message.
   *
   * @throws IllegalStateException at the first call, if a field holds a layer or a trainable tensor
   *     that is not registered: it would be neither trained nor saved
   */
  public final Tensor call(Tensor x) {
    return call(x, this::forward);
  }

  /** As {@link #call(Tensor)}, with this in the place of {@link #forward}. */
  final Tensor call(Tensor x, UnaryOperator<Tensor> forward) {
    ready();
    if (!fieldsChecked) {
      Registration.check(this);
      fieldsChecked = true;
    }
    String before = Place.enter(name);
    try (Scope scope = Scope.open(typeName())) {
      Tensor y = forward.apply(x);
      for (ForwardHook hook : hooks) {
        Tensor replaced = hook.after(this, x, y);
        y = replaced == null ? y : replaced;
      }
      return scope.keep(y);
    } catch (TensorException e) {
      e.passing(name, typeName());
      throw e;
    } finally {
      Place.leave(before);
    }
  }

  /** Adds a function that sees, and may replace, every result of this module. */
  public final RemovableHandle registerForwardHook(ForwardHook hook) {
    hooks.add(hook);
    return () -> hooks.remove(hook);
  }

  /** Whether someone looks at this module's results. */
  final boolean hasForwardHooks() {
    return !hooks.isEmpty();
  }

  /** Whether dropout drops and batch norm uses the batch's statistics. */
  public final boolean isTraining() {
    return training;
  }

  /** Training mode, which a new module has; returns this. */
  public final Module train() {
    return train(true);
  }

  /** Inference mode; returns this. */
  public final Module eval() {
    return train(false);
  }

  /** Training mode or inference mode; returns this. */
  public final Module train(boolean training) {
    return apply(m -> m.mode(training));
  }

  // ---- what it is made of ----

  /** The layers of this module itself, by name. */
  public final Map<String, Module> children() {
    return Collections.unmodifiableMap(children);
  }

  /** This module under the empty path and all below, each once, by path. */
  public final Map<String, Module> namedModules() {
    return ModuleTree.modules(this);
  }

  /**
   * The module at a path, {@code layer1.0.conv1}; this one at the empty path.
   *
   * @throws IllegalArgumentException if there is none
   */
  public final Module getSubmodule(String path) {
    return ModuleTree.moduleAt(this, path);
  }

  /**
   * The parameter at a path, {@code layer1.0.conv1.weight}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public final Tensor getParameter(String path) {
    return ModuleTree.tensorAt(this, "parameter", path, Module::ownParameters);
  }

  /**
   * The buffer at a path, {@code layer1.0.bn1.running_mean}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public final Tensor getBuffer(String path) {
    return ModuleTree.tensorAt(this, "buffer", path, Module::ownBuffers);
  }

  /** All trainable tensors, each once, by path. */
  public final Map<String, Tensor> namedParameters() {
    return ModuleTree.tensors(this, Module::ownParameters);
  }

  /** All trainable tensors, each once. */
  public final List<Tensor> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /** All buffers, each once, by path. */
  public final Map<String, Tensor> namedBuffers() {
    return ModuleTree.tensors(this, Module::ownBuffers);
  }

  /**
   * Parameters and buffers by path, with PyTorch's names: what a checkpoint holds. These are the
   * module's own tensors, not copies.
   */
  public final Map<String, Tensor> stateDict() {
    return ModuleTree.state(this);
  }

  /**
   * Copies a checkpoint into parameters and buffers, converted to their dtype and device.
   *
   * @throws StateDictException naming every key that is missing, unexpected or of another shape;
   *     nothing is changed then
   */
  public final void loadStateDict(Map<String, Tensor> state) {
    StateDict.load(typeName(), stateDict(), state, true);
  }

  /**
   * As {@link #loadStateDict(Map)}; not {@code strict}, keys may be missing and others are ignored,
   * but shapes must agree.
   */
  public final void loadStateDict(Map<String, Tensor> state, boolean strict) {
    StateDict.load(typeName(), stateDict(), state, strict);
  }

  // ---- changing it ----

  /** Calls {@code action} with every module below, children first, then with this one. */
  public final Module apply(Consumer<Module> action) {
    children.values().forEach(child -> child.apply(action));
    action.accept(this);
    return this;
  }

  /**
   * Moves parameters and buffers in place, dropping gradients; returns this. Optimizers are made
   * after this.
   */
  public final Module to(Device device) {
    return convert(t -> t.to(device));
  }

  /** Converts floating parameters and buffers in place, dropping gradients; returns this. */
  public final Module to(DType dtype) {
    return convert(t -> t.dtype().isFloating() ? t.to(dtype) : t);
  }

  private Module convert(UnaryOperator<Tensor> conversion) {
    try (var _ = NoGrad.open();
        var _ = Scope.open("to")) {
      for (Tensor t : stateDict().values()) {
        Tensor converted = conversion.apply(t);
        if (converted != t) {
          t.setData(converted);
        }
      }
    }
    return this;
  }

  /** Freezes all parameters (false), or makes them trainable again. */
  public final Module requiresGrad_(boolean required) {
    parameters().forEach(p -> p.requiresGrad_(required));
    return this;
  }

  /** Drops the gradients of all parameters. */
  public final void zeroGrad() {
    parameters().forEach(Tensor::zeroGrad);
  }

  /** Frees parameters, gradients and buffers; the module cannot be used any more. */
  @Override
  public void close() {
    stateDict().values().forEach(Tensor::close);
  }

  // ---- looking at it ----

  /**
   * Runs the module once on zeros, in inference mode, and tables layers, output shapes, parameters
   * and multiply-adds.
   *
   * @param inputShape the whole shape with the batch, e.g. 1, 3, 224, 224
   */
  public final Summary summary(long... inputShape) {
    return Summary.of(this, inputShape);
  }

  /**
   * Folds batch norms into the convolutions before them, in place, for inference: results stay the
   * same but for rounding, and the batch norms, whose parameters are freed, pass on what they get.
   * Which convolution is before which batch norm is seen from one run on zeros; those without a
   * convolution of their own, whose result nothing else uses, stay as they are.
   *
   * @param inputShape the whole shape with the batch, e.g. 1, 3, 224, 224
   * @return this
   * @throws IllegalStateException in training mode, or under NoGrad
   */
  public final Module fuse(long... inputShape) {
    Fusion.run(this, Shape.of(inputShape));
    return this;
  }

  /** As PyTorch prints it. */
  @Override
  public final String toString() {
    return ModulePrinter.print(this);
  }

  // ---- inside ----

  private void ready() {
    if (!built) {
      synchronized (this) {
        if (!built) {
          build();
          built = true;
        }
      }
    }
  }

  private void adopt(String name, Module child) {
    child.ready();
    if (child.name.isEmpty()) {
      child.name = name;
    }
    children.put(name, child);
    fieldsChecked = false;
  }

  private void checkNew(String name) {
    if (name.isEmpty() || name.contains(".")) {
      throw new IllegalArgumentException(
          "%s: expected a name without dots, got '%s'".formatted(typeName(), name));
    }
    if (children.containsKey(name) || parameters.containsKey(name) || buffers.containsKey(name)) {
      throw new IllegalArgumentException(
          "%s: the name '%s' is taken already".formatted(typeName(), name));
    }
  }

  /** Whether a module is registered here or anywhere below. */
  final boolean owns(Module module) {
    return children.containsValue(module)
        || children.values().stream().anyMatch(child -> child.owns(module));
  }

  /** Whether a tensor is a parameter or a buffer of this module or of any below. */
  final boolean owns(Tensor tensor) {
    return ownParameters().containsValue(tensor)
        || ownBuffers().containsValue(tensor)
        || children.values().stream().anyMatch(child -> child.owns(tensor));
  }

  /** Frees and forgets the module's own parameters and buffers. */
  final void drop() {
    parameters.values().forEach(Tensor::close);
    buffers.values().forEach(Tensor::close);
    parameters.clear();
    buffers.clear();
  }

  /** Sets the mode of this module alone. */
  final void mode(boolean training) {
    this.training = training;
  }

  /** The module's own parameters, without those of its layers. */
  final Map<String, Tensor> ownParameters() {
    ready();
    return parameters;
  }

  /** The module's own buffers, without those of its layers. */
  final Map<String, Tensor> ownBuffers() {
    ready();
    return buffers;
  }
}
