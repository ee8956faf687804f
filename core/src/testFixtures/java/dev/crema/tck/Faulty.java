package dev.crema.tck;

import dev.crema.backend.Backend;
import dev.crema.backend.Buffer;
import dev.crema.backend.View;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Layout;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The reference with one mistake, for the tests of the suite itself. */
final class Faulty implements InvocationHandler {
  static final Device DEVICE = new Device("faulty", 0);

  /** The mistake that is made now. */
  static Mistake mistake = Mistake.NONE;

  enum Mistake {
    NONE,
    /** A product's last element is off by a thousandth. */
    WRONG_RESULT,
    /** So is the last element of a kernel's gradient. */
    WRONG_GRADIENT,
    /** The last element of a sum stays unwritten. */
    UNWRITTEN,
    /** A function of one operand takes it for contiguous. */
    STRIDES_IGNORED,
    /** A sum differs in its last bits from call to call. */
    UNSTABLE,
    /** A softmax forgets a buffer. */
    LEAK
  }

  private final Backend reference = new ReferenceBackend(DEVICE);
  private int calls;

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] args)
      throws Throwable {
    if (mistake == Mistake.STRIDES_IGNORED && method.getName().equals("unary")) {
      View x = view(args, 4);
      Layout dense = Layout.of(x.shape(), x.shape().contiguousStrides(), x.offset());
      args[4] = new View(x.buffer(), dense);
    }
    Object result;
    try {
      result = method.invoke(reference, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    calls++;
    switch (method.getName() + " " + mistake) {
      case "matmul WRONG_RESULT" -> scaleLast(view(args, 3), 1.001);
      case "conv2dBackwardWeight WRONG_GRADIENT" -> scaleLast(view(args, 3), 1.001);
      case "reduce UNWRITTEN" -> scaleLast(view(args, 3), Double.NaN);
      case "reduce UNSTABLE" -> {
        View y = view(args, 3);
        scaleLast(y, 1 + calls % 5 * (y.dtype() == DType.F32 ? 0x1p-23 : 0x1p-52));
      }
      case "softmax LEAK" -> reference.allocate(DType.F32, 1);
      default -> {}
    }
    return result;
  }

  private static View view(@Nullable Object[] args, int i) {
    return (View) Objects.requireNonNull(args[i]);
  }

  private static void scaleLast(View y, double factor) {
    long last = y.offset() + y.numel() - 1;
    Buffer buffer = y.buffer();
    if (y.numel() > 0 && y.dtype().isFloating()) {
      ((ReferenceBuffer) buffer).set(last, ((ReferenceBuffer) buffer).get(last) * factor);
    }
  }

  /** Serves the device {@code faulty}. */
  public static final class Provider extends ReferenceProvider {
    @Override
    public String type() {
      return DEVICE.type();
    }

    @Override
    public Backend open(Device device) {
      return (Backend)
          Proxy.newProxyInstance(
              Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, new Faulty());
    }
  }
}
