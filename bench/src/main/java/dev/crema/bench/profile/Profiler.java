package dev.crema.bench.profile;

import dev.crema.autograd.Place;
import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.Buffer;
import dev.crema.backend.Capture;
import dev.crema.backend.CapturingBackend;
import dev.crema.backend.Chain;
import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.Mark;
import dev.crema.backend.MatMulPlan;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.Device;
import dev.crema.tensor.UnsupportedOpException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks on at a device's backend, from {@link #open} to {@link #close}, at the ops of all its
 * tensors, whenever they were made. Every op that one thread asks for between {@link #start} and
 * {@link #stop} is marked before and after on the device, and the marks are read when all is over,
 * so that nothing waits. Where nobody opens one, nothing is in the way.
 *
 * {@snippet :
 * try (Profiler profiler = Profiler.open(Device.cuda())) {
 *   profiler.start();
 *   step.run();
 *   Profile profile = profiler.stop();
 *   profile.byOp().forEach(System.out::println);
 *   ChromeTrace.write(profile, Path.of("trace.json"));
 * }
 * }
 *
 * <p>A {@link dev.crema.tensor.CapturedStep} runs as a whole: of its ops only those of its first
 * run, which is a plain one, are seen; the time of the others is between ops.
 */
public final class Profiler implements AutoCloseable {
  /** What is no work of the device. */
  private static final Set<String> SILENT =
      Set.of(
          "device",
          "description",
          "memoryStats",
          "mark",
          "launches",
          "receive",
          "hasChannelsLast",
          "capture");

  private static final Set<String> ALLOCATING = Set.of("allocate", "wrap", "send");

  private record Pending(
      String op,
      String layer,
      String shape,
      Mark from,
      Mark to,
      long launches,
      double flops,
      long bytes) {}

  private final Device device;
  private final Backend backend;
  private final List<Pending> pending = new ArrayList<>();
  private final List<Mark> steps = new ArrayList<>();
  private @Nullable Thread thread;
  private @Nullable Mark start;
  private long allocations;
  private long allocatedBytes;

  private boolean closed;

  private Profiler(Device device) {
    this.device = device;
    this.backend = Backends.watch(device, this::looking);
    Place.watch(true);
  }

  /**
   * Puts itself in front of the device's backend.
   *
   * @throws UnsupportedOpException when another is there
   */
  public static Profiler open(Device device) {
    return new Profiler(device);
  }

  /** It can do what the backend can. */
  private Backend looking(Backend backend) {
    Class<?> type = backend instanceof CapturingBackend ? CapturingBackend.class : Backend.class;
    InvocationHandler calls = (_, method, arguments) -> call(backend, method, arguments);
    return (Backend)
        Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {type}, calls);
  }

  /**
   * Notes what this thread does from here on.
   *
   * @throws UnsupportedOpException when it was started and not stopped
   */
  public synchronized void start() {
    checkOpen();
    if (start != null) {
      throw new UnsupportedOpException("profiler: started twice. Hint: stop() it first");
    }
    allocations = 0;
    allocatedBytes = 0;
    thread = Thread.currentThread();
    start = backend.mark();
  }

  /**
   * A step ends here, and the next begins.
   *
   * @throws UnsupportedOpException when it was not started
   */
  public synchronized void step() {
    checkStarted("step");
    steps.add(backend.mark());
  }

  private Mark checkStarted(String what) {
    checkOpen();
    Mark begin = start;
    if (begin == null) {
      throw new UnsupportedOpException(
          "profiler: %s() without a start. Hint: start() first".formatted(what));
    }
    return begin;
  }

  private void checkOpen() {
    if (closed) {
      throw new ClosedException("profiler: used after close(). Hint: open another");
    }
  }

  /**
   * Waits for the device, and says what it did since the start.
   *
   * @throws UnsupportedOpException when it was not started
   */
  public synchronized Profile stop() {
    Mark begin = checkStarted("stop");
    thread = null;
    start = null;
    try (begin;
        Mark end = backend.mark()) {
      long zero = begin.nanos();
      List<Call> calls = new ArrayList<>();
      List<Pending> noted = List.copyOf(pending);
      pending.clear();
      for (Pending p : noted) {
        calls.add(resolved(p, zero));
      }
      return new Profile(
          calls,
          stepNanos(zero),
          end.nanos() - zero,
          allocations,
          allocatedBytes,
          backend.memoryStats().peakBytes());
    }
  }

  private List<Long> stepNanos(long zero) {
    List<Long> nanos = new ArrayList<>();
    long before = zero;
    for (Mark step : steps) {
      long now = step.nanos();
      nanos.add(now - before);
      before = now;
      step.close();
    }
    steps.clear();
    return nanos;
  }

  private static Call resolved(Pending p, long zero) {
    try (Mark from = p.from;
        Mark to = p.to) {
      long began = from.nanos();
      return new Call(
          p.op, p.layer, p.shape, began - zero, to.nanos() - began, p.launches, p.flops, p.bytes);
    }
  }

  /** Frees the marks of what nobody has asked for. */
  private void forget() {
    thread = null;
    for (Pending p : pending) {
      p.from.close();
      p.to.close();
    }
    pending.clear();
    steps.forEach(Mark::close);
    steps.clear();
    if (start != null) {
      start.close();
      start = null;
    }
  }

  /** Takes itself away again; what it has not told is lost. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      forget();
      Place.watch(false);
      Backends.unwatch(device);
    }
  }

  private @Nullable Object call(
      Backend backend, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    @Nullable Object[] given = arguments == null ? new @Nullable Object[0] : arguments;
    String name = method.getName();
    if (ALLOCATING.contains(name)) {
      Object buffer = run(backend, method, given);
      allocated(buffer);
      return buffer;
    }
    if (SILENT.contains(name)
        || method.getDeclaringClass() == Object.class
        || Thread.currentThread() != thread
        || Capture.current() != null) {
      return run(backend, method, given);
    }
    long launches = backend.launches();
    Mark from = backend.mark();
    Object result;
    try {
      result = run(backend, method, given);
    } catch (Throwable t) {
      from.close();
      throw t;
    }
    Mark to = backend.mark();
    pending.add(
        new Pending(
            opName(name, given),
            Place.current(),
            shape(given),
            from,
            to,
            backend.launches() - launches,
            flops(name, given),
            bytes(given)));
    return result;
  }

  private static @Nullable Object run(Backend backend, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(backend, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private synchronized void allocated(@Nullable Object buffer) {
    if (thread != null && buffer instanceof Buffer b) {
      allocations++;
      allocatedBytes += b.bytes();
    }
  }

  /** {@code conv2dBackwardInput} is conv2d_backward_input; {@code unary RELU} is relu. */
  private static String opName(String method, @Nullable Object[] arguments) {
    Object first = arguments.length > 0 ? arguments[0] : null;
    return switch (first) {
      case Enum<?> op -> op.name().toLowerCase(Locale.ROOT);
      case Chain chain -> chain.name();
      case null, default -> method.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    };
  }

  private static double flops(String method, @Nullable Object[] arguments) {
    if (method.equals("linearBackward")) {
      return flopsOfLinearBackward(arguments);
    }
    for (@Nullable Object a : arguments) {
      if (a instanceof Conv2dPlan plan) {
        return plan.flops();
      }
      if (a instanceof MatMulPlan plan) {
        return plan.flops();
      }
    }
    return 0;
  }

  /** Of gy, y, x, w, gx, gw, gb: a product for gx and one for gw, for which there is no plan. */
  private static double flopsOfLinearBackward(@Nullable Object[] arguments) {
    double flops = 0;
    if (arguments[0] instanceof View gy) {
      flops += arguments[4] instanceof View gx ? 2.0 * gx.numel() * gy.shape().size(1) : 0;
      flops += arguments[5] instanceof View gw ? 2.0 * gw.numel() * gy.shape().size(0) : 0;
    }
    return flops;
  }

  private static long bytes(@Nullable Object argument) {
    return switch (argument) {
      case View view -> view.numel() * view.dtype().bytes();
      case StepViews p -> bytes(p.p()) + bytes(p.g()) + bytes(p.m()) + bytes(p.v());
      case Object[] many -> {
        long sum = 0;
        for (@Nullable Object one : many) {
          sum += bytes(one);
        }
        yield sum;
      }
      case Collection<?> many -> bytes(many.toArray());
      case null, default -> 0;
    };
  }

  private static String shape(@Nullable Object[] arguments) {
    for (int i = arguments.length - 1; i >= 0; i--) {
      if (arguments[i] instanceof View view) {
        return view.shape().toString();
      }
    }
    return "";
  }
}
