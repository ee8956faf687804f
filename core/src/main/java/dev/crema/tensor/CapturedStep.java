package dev.crema.tensor;

import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.Capture;
import dev.crema.backend.CapturingBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A training or inference step that is captured once and then run as a whole, as one CUDA graph:
 * small networks are bound by the time it takes to launch kernels, not by what these compute.
 *
 * {@snippet :
 * try (var step = CapturedStep.of(Device.cuda(), inputs -> {
 *       optimizer.zeroGrad();
 *       Tensor loss = model.call(inputs.get(0)).crossEntropy(inputs.get(1));
 *       loss.backward();
 *       optimizer.step();
 *       return loss;
 *     })) {
 *   for (Batch batch : loader) {
 *     Tensor loss = step.run(batch.images(), batch.labels());
 *   }
 * }
 * }
 *
 * <p>The first run is an ordinary one, which readies what the step needs (an optimizer's state,
 * algorithms, kernels); the second captures the step; from then on its code is not run any more.
 * Results are the bits of ordinary steps. Each run copies its inputs, of any device, to where the
 * step reads them, in the memory formats of the first run's. What a run returns belongs to the
 * step: it is valid until the next run or {@link #close}, which close it; a {@code copy()} lasts.
 * Parameters, optimizer state and buffers change in place; generators, step counts and learning
 * rates go on as ever. Gradients must be zeroed inside, before they are computed.
 *
 * <p>What the step reads from outside must stay the same tensors: their memory is kept until this
 * is closed. A step cannot read values on the host, compute on another device, or bring values from
 * the host: the second run then throws, naming the op, without having computed anything, and the
 * model can be used as before. Not thread safe.
 */
public final class CapturedStep implements AutoCloseable {
  private final CapturingBackend backend;
  private final Device device;
  private final Function<List<Tensor>, List<Tensor>> step;
  private List<Tensor> inputs = List.of();
  private List<Tensor> outputs = List.of();
  private List<Tensor> handed = List.of(); // the outputs, as the last run gave them
  private @Nullable Capture capture;
  private CapturingBackend.@Nullable Work work;
  private boolean started;
  private boolean closed;

  private CapturedStep(
      CapturingBackend backend, Device device, Function<List<Tensor>, List<Tensor>> step) {
    this.backend = backend;
    this.device = device;
    this.step = step;
  }

  /**
   * A step with one result.
   *
   * @param step gets the inputs of {@link #run}, on the device
   * @throws UnsupportedOpException when the device cannot capture; only CUDA can
   */
  public static CapturedStep of(Device device, Function<List<Tensor>, Tensor> step) {
    Objects.requireNonNull(step, "captured step: expected its code, got null");
    return ofAll(device, inputs -> List.of(result(step.apply(inputs))));
  }

  private static <T> T result(@Nullable T result) {
    return Objects.requireNonNull(
        result, "captured step: expected its code to return a tensor, got null");
  }

  /** A step with several results. */
  public static CapturedStep ofAll(Device device, Function<List<Tensor>, List<Tensor>> step) {
    Objects.requireNonNull(step, "captured step: expected its code, got null");
    Backend backend = Backends.get(device);
    if (backend instanceof CapturingBackend capturing) {
      return new CapturedStep(capturing, device, step);
    }
    throw new UnsupportedOpException(
        "captured step: expected a CUDA device, got %s, which has no graphs. Hint: call the step's code itself, or use Device.cuda()"
            .formatted(device));
  }

  /**
   * Runs the step.
   *
   * @param inputs of any device, the host's too
   * @return its first result, without graph; the next run or {@link #close} closes it, whether it
   *     is the first or a later one. Hint: {@code copy()} or {@code item()} what is needed longer
   * @throws ShapeException if the inputs are not like those of the first run
   */
  public Tensor run(Tensor... inputs) {
    return runAll(inputs).getFirst();
  }

  /** Runs the step; its results, as {@link #run}'s. */
  public List<Tensor> runAll(Tensor... inputs) {
    if (closed) {
      throw new ClosedException("captured step: used after close()");
    }
    if (work != null) {
      Capture.refuse(
          "captured step", "runs as a whole", "let one captured step do the work of both");
    }
    take(inputs);
    if (!started) {
      compute();
      started = true;
      return handOut();
    }
    if (work == null) {
      work = captured();
    }
    if (capture != null) {
      capture.beforeRun();
    }
    work.replay();
    return handOut();
  }

  /** Handles of its own for each run: what is kept from the run before is closed, not changed. */
  private List<Tensor> handOut() {
    closeAll(handed);
    handed = outputs.stream().map(output -> Scope.escape(output.alias())).toList();
    return handed;
  }

  /** Whether these inputs are like those of the first run, or there was none. */
  public boolean fits(Tensor... given) {
    boolean fits = !started || given.length == inputs.size();
    for (int i = 0; fits && started && i < given.length; i++) {
      fits = isLike(inputs.get(i), given[i]);
    }
    return fits;
  }

  private static boolean isLike(Tensor a, Tensor b) {
    return a.shape().equals(b.shape()) && a.dtype() == b.dtype();
  }

  /** Copies the inputs to where the step reads them. */
  private void take(Tensor[] given) {
    if (!fits(given)) {
      throw new ShapeException(
          "captured step: expected inputs like those of its first run, %s, got %s. Hint: another captured step for other shapes"
              .formatted(describe(inputs), describe(List.of(given))));
    }
    if (!started) {
      closeAll(inputs);
      inputs = new ArrayList<>();
      for (Tensor t : given) {
        inputs.add(Scope.escape(Tensor.empty(t.shape(), t.dtype(), device, format(t))));
      }
    }
    for (int i = 0; i < given.length; i++) {
      copy(given[i], inputs.get(i));
    }
  }

  /** That of a plain step's operand: what comes from another device is row-major. */
  private MemoryFormat format(Tensor t) {
    return t.device().equals(device) ? t.layout().format() : MemoryFormat.CONTIGUOUS;
  }

  private static void copy(Tensor from, Tensor to) {
    if (from.device().equals(to.device())) {
      try (Tensor source = from.detach()) {
        to.copy_(source);
      }
    } else {
      to.backend().upload(from.toArray(), to.view());
      to.buffer().touch();
    }
  }

  /** Runs the step's code, and keeps its results. */
  private void compute() {
    List<Tensor> fresh = new ArrayList<>();
    try (Scope _ = Scope.open("captured step")) {
      List<Tensor> handles = inputs.stream().map(Tensor::detach).toList();
      for (Tensor output : result(step.apply(handles))) {
        fresh.add(Scope.escape(result(output).detach()));
      }
    } catch (RuntimeException e) {
      closeAll(fresh);
      throw e;
    }
    closeAll(outputs);
    outputs = List.copyOf(fresh);
  }

  /** Out of memory, it tries again: what was idle has been given back by then. */
  private CapturingBackend.Work captured() {
    try {
      return tryToCapture();
    } catch (OutOfMemoryException _) {
      return tryToCapture();
    }
  }

  private CapturingBackend.Work tryToCapture() {
    Capture started = Capture.start(device);
    try {
      CapturingBackend.Work done = backend.capture(this::compute);
      started.end();
      capture = started;
      return done;
    } catch (RuntimeException e) {
      started.abort();
      throw e;
    }
  }

  private static String describe(List<Tensor> tensors) {
    return String.join(", ", tensors.stream().map(t -> t.dtype() + " " + t.shape()).toList());
  }

  private static void closeAll(List<Tensor> tensors) {
    tensors.forEach(Tensor::close);
  }

  /** Gives back the memory of the step, its inputs and its results. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeAll(inputs);
      closeAll(outputs);
      closeAll(handed);
      if (capture != null) {
        capture.close();
      }
      if (work != null) {
        work.close();
      }
    }
  }
}
