package dev.crema.bench.profile;

import dev.crema.autograd.Place;
import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.Buffer;
import dev.crema.backend.Chain;
import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.Mark;
import dev.crema.backend.MatMulPlan;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.tensor.Device;
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
 * Looks on at a device's backend, from {@link #open} to {@link #close}, at what is made in between:
 * open it before the model. Every op that one thread asks for between start and stop is marked
 * before and after on the device, and the marks are read when all is over, so that nothing waits.
 * Where nobody opens one, nothing is in the way.
 */
public final class Profiler implements AutoCloseable {
  /** What is no work of the device. */
  private static final Set<String> SILENT =
      Set.of(
          "device", "description", "memoryStats", "mark", "launches", "receive", "hasChannelsLast");

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
  private @Nullable Thread thread;
  private @Nullable Mark start;
  private long allocations;
  private long allocatedBytes;

  private Profiler(Device device) {
    this.device = device;
    this.backend = Backends.get(device);
  }

  /** Puts itself in front of the device's backend. */
  public static Profiler open(Device device) {
    var profiler = new Profiler(device);
    InvocationHandler calls = (_, method, arguments) -> profiler.call(method, arguments);
    var looking =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, calls);
    Backends.replace(device, _ -> looking);
    Place.watch(true);
    return profiler;
  }

  /** Notes what this thread does from here on. */
  public synchronized void start() {
    forget();
    allocations = 0;
    allocatedBytes = 0;
    thread = Thread.currentThread();
    start = backend.mark();
  }

  /** Waits for the device, and says what it did since the start. */
  public synchronized Profile stop() {
    Mark begin = start;
    if (begin == null) {
      throw new IllegalStateException("profiler: stopped without a start");
    }
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
          end.nanos() - zero,
          allocations,
          allocatedBytes,
          backend.memoryStats().peakBytes());
    }
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
    if (start != null) {
      start.close();
      start = null;
    }
  }

  /** Takes itself away again. */
  @Override
  public synchronized void close() {
    forget();
    Place.watch(false);
    Backends.replace(device, _ -> backend);
  }

  private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    @Nullable Object[] given = arguments == null ? new @Nullable Object[0] : arguments;
    String name = method.getName();
    if (ALLOCATING.contains(name)) {
      Object buffer = run(method, given);
      allocated(buffer);
      return buffer;
    }
    if (SILENT.contains(name)
        || method.getDeclaringClass() == Object.class
        || Thread.currentThread() != thread) {
      return run(method, given);
    }
    long launches = backend.launches();
    Mark from = backend.mark();
    Object result;
    try {
      result = run(method, given);
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

  private @Nullable Object run(Method method, @Nullable Object[] arguments) throws Throwable {
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
