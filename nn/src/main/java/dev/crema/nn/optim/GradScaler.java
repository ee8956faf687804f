package dev.crema.nn.optim;

import dev.crema.autograd.NoGrad;
import dev.crema.backend.Capture;
import dev.crema.nn.StateDictException;
import dev.crema.op.Update;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps small gradients of f16 from becoming zero, as PyTorch's GradScaler does: the loss is scaled
 * up, the gradients are scaled back, and a step whose gradients overflowed is left out.
 *
 * {@snippet :
 * Tensor loss;
 * try (var _ = Autocast.open(DType.F16)) {
 *   loss = model.call(images).crossEntropy(labels);
 * }
 * optimizer.zeroGrad();
 * scaler.scale(loss).backward();
 * scaler.step(optimizer);
 * scaler.update();
 * }
 *
 * <p>The scale starts at 65536, halves after a step with an infinite or NaN gradient, and doubles
 * after 2000 steps in a row without one. Whether a step is left out is decided on the device, where
 * the flag lies that the step reads; {@link #update} reads nothing either: the flag comes to the
 * host when the next {@link #scale} needs it, or whoever asks for the scale or for the optimizer's
 * state. All of it may be part of a {@link dev.crema.tensor.CapturedStep}, whose runs wait for the
 * flag of the run before.
 */
public final class GradScaler implements AutoCloseable {
  private double scale = 65536;
  private double growthFactor = 2;
  private double backoffFactor = 0.5;
  private int growthInterval = 2000;
  private int growthTracker;
  private List<Ended> pending = List.of();
  private @Nullable OnDevice onDevice;
  private final Map<Optimizer, Progress> optimizers = new IdentityHashMap<>();

  /** The scale and its reciprocal: one f32 each. */
  private record OnDevice(Tensor scale, Tensor inverse) {}

  /** How far an optimizer is since the last update, and the flag of its gradients. */
  private static final class Progress {
    final Tensor found;
    boolean unscaled;
    boolean stepped;

    Progress(Device device) {
      found = number(device);
    }

    void reset() {
      unscaled = false;
      stepped = false;
    }
  }

  /** What an update ended, of which the flag must still be looked at. */
  private record Ended(Optimizer optimizer, Tensor found, boolean stepped) {}

  private static Tensor number(Device device) {
    Capture.refuse("GradScaler", "makes its numbers on the device", "do a plain step before");
    return Scope.escape(Tensor.zeros(Shape.of(), DType.F32, device));
  }

  /** Starts at 65536. */
  public GradScaler() {}

  /** The scale to start with. */
  public GradScaler initScale(double scale) {
    this.scale = positive("a scale", scale);
    write();
    return this;
  }

  /** By how much the scale grows; above 1. */
  public GradScaler growthFactor(double factor) {
    if (!(factor > 1)) {
      throw new IllegalArgumentException(
          "GradScaler: expected a growth factor above 1, got " + factor);
    }
    growthFactor = factor;
    return this;
  }

  /** By how much the scale shrinks after an overflow; below 1. */
  public GradScaler backoffFactor(double factor) {
    if (!(factor < 1)) {
      throw new IllegalArgumentException(
          "GradScaler: expected a backoff factor below 1, got " + factor);
    }
    backoffFactor = positive("a backoff factor", factor);
    return this;
  }

  /** How many steps in a row without an overflow make the scale grow. */
  public GradScaler growthInterval(int steps) {
    growthInterval = (int) positive("a growth interval", steps);
    return this;
  }

  private static double positive(String what, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "GradScaler: expected %s above 0, got %s".formatted(what, value));
    }
    return value;
  }

  /** The scale that the next loss gets. Waits for the device. */
  public double getScale() {
    settle();
    return scale;
  }

  /** The loss times the scale, in f32 at least: what to call backward of. */
  public Tensor scale(Tensor loss) {
    Capture.eachRun(this::settle);
    OnDevice here = onDevice;
    if (here == null) {
      here = new OnDevice(number(loss.device()), number(loss.device()));
      onDevice = here;
      write();
    }
    return loss.to(loss.dtype().wide()).mul(here.scale.to(loss.dtype().wide()));
  }

  /**
   * Scales an optimizer's gradients back, for what looks at them before the step, such as {@link
   * ClipGrad}; without that, {@link #step} does it.
   */
  public void unscale_(Optimizer optimizer) {
    Progress progress = progress("unscale_", optimizer);
    if (progress.unscaled) {
      throw new IllegalStateException(
          "GradScaler: unscale_ after unscale_ or step of the same optimizer. Hint: update()"
              + " first");
    }
    unscale(optimizer, progress);
  }

  private void unscale(Optimizer optimizer, Progress progress) {
    List<Tensor> gradients =
        optimizer.parameters().stream().map(Tensor::grad).filter(Objects::nonNull).toList();
    try (var _ = NoGrad.open()) {
      Update.unscale(scaled("unscale_").inverse, gradients, progress.found);
    }
    progress.unscaled = true;
  }

  /** A step of the optimizer, which the device leaves out if a gradient is infinite or NaN. */
  public void step(Optimizer optimizer) {
    Progress progress = progress("step", optimizer);
    if (progress.stepped) {
      throw new IllegalStateException(
          "GradScaler: step twice of the same optimizer. Hint: update() after each step");
    }
    if (!progress.unscaled) {
      unscale(optimizer, progress);
    }
    optimizer.step(progress.found, this::settle);
    progress.stepped = true;
  }

  private Progress progress(String call, Optimizer optimizer) {
    Capture.eachRun(this::settle);
    Device device = scaled(call).scale.device();
    Progress progress = optimizers.computeIfAbsent(optimizer, _ -> new Progress(device));
    Capture capture = Capture.current();
    if (capture != null) {
      capture.onAbort(progress::reset);
    }
    return progress;
  }

  /** Ends a step: the scale backs off or grows, when it is next asked for. */
  public void update() {
    scaled("update");
    List<Ended> ended = new ArrayList<>();
    optimizers.forEach(
        (optimizer, progress) -> {
          if (progress.unscaled) {
            ended.add(new Ended(optimizer, progress.found, progress.stepped));
          }
          progress.reset();
        });
    if (ended.isEmpty()) {
      throw new IllegalStateException("GradScaler: update without a step. Hint: step(optimizer)");
    }
    Capture.eachRun(() -> pending = ended);
  }

  private OnDevice scaled(String call) {
    OnDevice here = onDevice;
    if (here == null) {
      throw new IllegalStateException(
          "GradScaler: %s before a scale. Hint: scaler.scale(loss).backward() comes first"
              .formatted(call));
    }
    return here;
  }

  /** What an update left to be done, now that it must be known how the steps went. */
  private void settle() {
    Capture.refuse("GradScaler", "asks for the scale", "ask for it after the step");
    if (pending.isEmpty()) {
      return;
    }
    List<Ended> ended = pending;
    pending = List.of();
    boolean overflow = false;
    for (Ended one : ended) {
      overflow |= overflowed(one);
    }
    growthTracker = overflow ? 0 : growthTracker + 1;
    if (overflow) {
      scale *= backoffFactor;
    } else if (growthTracker >= growthInterval) {
      scale *= growthFactor;
      growthTracker = 0;
    } else {
      return;
    }
    write();
  }

  /** Whether the last step was left out; readies for the next. */
  private static boolean overflowed(Ended one) {
    boolean overflow;
    try (var _ = Scope.open("GradScaler");
        var _ = NoGrad.open()) {
      overflow = one.found.item() != 0;
      if (overflow) {
        one.found.fill_(0);
      }
    }
    if (overflow && one.stepped) {
      one.optimizer.uncountLastStep();
    }
    return overflow;
  }

  /** Brings the scale to the device. */
  private void write() {
    Capture.refuse("GradScaler", "sets the scale", "set it before the step");
    OnDevice here = onDevice;
    if (here != null) {
      try (var _ = NoGrad.open()) {
        here.scale.fill_(scale);
        here.inverse.fill_(1 / scale);
      }
    }
  }

  /** What a checkpoint needs to go on: {@code scale} and {@code growth_tracker}. */
  public Map<String, Tensor> stateDict() {
    settle();
    return Map.of(
        "scale", Tensor.copyOf(new double[] {scale}),
        "growth_tracker", Tensor.copyOf(new long[] {growthTracker}));
  }

  /**
   * Goes on from a checkpoint.
   *
   * @throws StateDictException when it lacks the one or the other; nothing is changed then
   */
  public void loadStateDict(Map<String, Tensor> saved) {
    Tensor savedScale = saved.get("scale");
    Tensor savedTracker = saved.get("growth_tracker");
    if (savedScale == null || savedTracker == null) {
      throw new StateDictException(
          "loadStateDict: expected a GradScaler's scale and growth_tracker, got "
              + new TreeSet<>(saved.keySet()));
    }
    settle();
    scale = savedScale.toDoubleArray()[0];
    growthTracker = savedTracker.toIntArray()[0];
    write();
  }

  /** Frees what it has on the device. */
  @Override
  public void close() {
    if (onDevice != null) {
      onDevice.scale.close();
      onDevice.inverse.close();
      onDevice = null;
    }
    optimizers.values().forEach(progress -> progress.found.close());
    optimizers.clear();
    pending = List.of();
  }
}
