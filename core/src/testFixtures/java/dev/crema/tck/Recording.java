package dev.crema.tck;

import dev.crema.backend.Backend;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.RandomOp;
import dev.crema.backend.ReduceOp;
import dev.crema.backend.UnaryOp;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The reference once more, noting which methods are called, and with which op. */
public final class Recording implements InvocationHandler {
  public static final Device DEVICE = new Device("recording", 0);

  private static final Set<String> CALLS = new TreeSet<>();

  private final Backend reference = new ReferenceBackend(DEVICE);

  private Recording() {}

  /** Every call there can be: {@code conv2d}, {@code unary RELU}, … */
  static Set<String> allCalls() {
    Set<String> calls = new TreeSet<>();
    for (Method method : Backend.class.getMethods()) {
      calls.addAll(
          switch (method.getName()) {
            case "unary" -> each(method, UnaryOp.values());
            case "binary" -> each(method, BinaryOp.values());
            case "reduce" -> each(method, ReduceOp.values());
            case "argReduce" -> each(method, ReduceOp.MAX, ReduceOp.MIN);
            case "random" -> each(method, RandomOp.values());
            default -> Set.of(method.getName());
          });
    }
    return calls;
  }

  private static Set<String> each(Method method, Enum<?>... ops) {
    return Arrays.stream(ops).map(op -> method.getName() + " " + op).collect(Collectors.toSet());
  }

  /** What was called while this ran. */
  static Set<String> callsOf(Runnable run) {
    CALLS.clear();
    run.run();
    return new TreeSet<>(CALLS);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] args)
      throws Throwable {
    boolean ofOps = args != null && args[0] instanceof Enum<?> op && !(op instanceof DType);
    CALLS.add(ofOps ? method.getName() + " " + args[0] : method.getName());
    try {
      return method.invoke(reference, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Serves the device {@code recording}. */
  public static final class Provider extends ReferenceProvider {
    @Override
    public String type() {
      return DEVICE.type();
    }

    @Override
    public Backend open(Device device) {
      return (Backend)
          Proxy.newProxyInstance(
              Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, new Recording());
    }
  }
}
