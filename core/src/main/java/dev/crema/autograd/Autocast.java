package dev.crema.autograd;

import dev.crema.backend.Buffer;
import dev.crema.backend.Capture;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.UnsupportedOpException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * While one is open, ops of this thread choose how exactly to compute, as PyTorch's autocast does:
 *
 * {@snippet :
 * Tensor loss;
 * try (var _ = Autocast.open(DType.BF16)) {
 *   loss = model.call(images).crossEntropy(labels);
 * }
 * loss.backward();
 * }
 *
 * <ul>
 *   <li>{@code matmul}, {@code linear} and {@code conv2d} round f32 operands to the 16-bit type,
 *       and their results are of it.
 *   <li>{@code softmax}, {@code logSoftmax}, {@code logSumExp}, {@code sum}, {@code exp}, {@code
 *       log}, {@code pow}, {@code reciprocal}, {@code rsqrt} and all losses compute in f32, and so
 *       are their results.
 *   <li>Ops on tensors of f32 and of a 16-bit type ({@code add}, {@code where}, {@code cat}, …)
 *       compute in f32.
 *   <li>All others compute in the dtype they meet; batch norm keeps its statistics and parameters
 *       in f32. f64 is left alone.
 * </ul>
 *
 * <p>Parameters stay f32 and get gradients in f32. The rounded copy of a parameter is kept while
 * the scope is open and until the parameter changes. {@code backward} is not touched, inside or
 * outside: gradients have the dtypes of what they are for. F16 reaches only from 6e-8 to 65504:
 * train with {@code GradScaler}. The CPU computes in no 16-bit type: an op there that would round
 * throws {@link UnsupportedOpException}.
 */
public final class Autocast implements AutoCloseable {
  private static final ThreadLocal<@Nullable Autocast[]> CURRENT =
      ThreadLocal.withInitial(() -> new @Nullable Autocast[1]);

  private final DType dtype;
  private final Map<Leaf, Rounded> parameters = new IdentityHashMap<>();
  private @Nullable Autocast before;
  private @Nullable Capture capture; // during which the parameters were rounded

  private Autocast(DType dtype) {
    this.dtype = dtype;
  }

  /** A parameter's rounded copy, of what its buffer held at this version. */
  private record Rounded(Tensor copy, Buffer of, int version) {}

  /**
   * Opens one on this thread.
   *
   * @param dtype F16 or BF16; F32 makes an exception inside another scope
   */
  public static Autocast open(DType dtype) {
    if (!dtype.isHalf() && dtype != DType.F32) {
      throw new DTypeException("autocast: expected f16, bf16 or f32, got " + dtype);
    }
    var scope = new Autocast(dtype);
    scope.before = use(scope);
    return scope;
  }

  /** Makes this scope, or none, the current one and gives back which it was. */
  static @Nullable Autocast use(@Nullable Autocast scope) {
    @Nullable Autocast[] current = CURRENT.get();
    Autocast before = current[0];
    current[0] = scope;
    return before;
  }

  private static @Nullable Autocast current() {
    Autocast scope = CURRENT.get()[0];
    return scope == null || scope.dtype == DType.F32 ? null : scope;
  }

  // ---- what ops ask for ----

  /** An operand of a product or a convolution: rounded, where f32. */
  public static Tensor low(Tensor t) {
    Autocast scope = current();
    return scope == null || t.dtype() == scope.dtype || t.dtype().wide() != DType.F32
        ? t
        : scope.round(t);
  }

  /** As {@link #low(Tensor)}, of one that may be missing. */
  public static @Nullable Tensor lowOrNull(@Nullable Tensor t) {
    return t == null ? null : low(t);
  }

  /** An operand of what loses too much in 16 bits: f32. */
  public static Tensor wide(Tensor t) {
    return t.dtype().isHalf() && current() != null ? t.to(DType.F32) : t;
  }

  /** An operand that meets one of another dtype: f32, where the two are f32 and a 16-bit type. */
  public static Tensor beside(Tensor t, DType other) {
    return t.dtype() != other && other.wide() == DType.F32 ? wide(t) : t;
  }

  /** Tensors that are joined: f32, where some are and others of a 16-bit type. */
  public static List<Tensor> alike(List<Tensor> parts) {
    boolean mixed = parts.stream().map(Tensor::dtype).distinct().count() > 1;
    return mixed ? parts.stream().map(Autocast::wide).toList() : parts;
  }

  private Tensor round(Tensor t) {
    if (t.device().equals(Device.cpu())) {
      throw new UnsupportedOpException(
          "autocast: expected tensors on a GPU, got %s %s on the CPU, which does not compute in %s. Hint: open no autocast there, or move model and data to a GPU"
              .formatted(t.dtype(), t.shape(), dtype));
    }
    if (!(t.node() instanceof Leaf leaf)) {
      return t.to(dtype);
    }
    Tensor y = rounded(leaf, t).alias();
    return Autograd.record("to", y, Autograd.inputs(t), _ -> new RoundedGrad(t.dtype()));
  }

  record RoundedGrad(DType dtype) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.to(dtype));
    }
  }

  private Tensor rounded(Leaf leaf, Tensor t) {
    if (capture != Capture.current()) { // a captured step rounds in each run, into its own memory
      forget();
      capture = Capture.current();
    }
    Rounded known = parameters.get(leaf);
    if (known != null && known.of == t.buffer() && known.version == t.buffer().version()) {
      return known.copy;
    }
    try (var _ = NoGrad.open()) {
      var fresh = new Rounded(Scope.escape(t.to(dtype)), t.buffer(), t.buffer().version());
      parameters.put(leaf, fresh);
      if (known != null) {
        known.copy.close();
      }
      return fresh.copy;
    }
  }

  /** Ends it, and frees the rounded parameters. */
  @Override
  public void close() {
    use(before);
    forget();
  }

  private void forget() {
    parameters.values().forEach(rounded -> rounded.copy.close());
    parameters.clear();
  }
}
