package dev.crema.op;

import dev.crema.autograd.GradMode;
import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.Buffer;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.UnsupportedOpException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose tensors hold no numbers but {@link Expression}s: run on them, a function says
 * what it computes. They are scalars, f64 standing for any floating dtype. It knows elementwise ops
 * and refuses all others.
 */
final class Tracer implements InvocationHandler {
  private static final Device DEVICE = new Device("traced", 0);
  private static final DType NUMBER = DType.F64;

  private static final Backend BACKEND =
      (Backend)
          Proxy.newProxyInstance(
              Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, new Tracer());

  static {
    Backends.add(DEVICE, BACKEND);
  }

  private Tracer() {}

  /** The one element of a traced tensor. */
  private static final class Symbol extends Buffer {
    private @Nullable Expression expression;

    Symbol(DType dtype) {
      super(dtype, 1);
    }

    Expression get() {
      return Objects.requireNonNull(expression);
    }

    boolean isTruth() {
      return dtype() == DType.BOOL;
    }

    /** What is computed under NoGrad has no gradient. */
    void set(Expression e) {
      expression = GradMode.isRecording() ? e : new Expression.Constant(e);
    }

    @Override
    protected void free() {}
  }

  /** A tensor that stands for the input of this number. */
  static Tensor input(int number) {
    return tensor(new Expression.Input(number));
  }

  private static Tensor tensor(Expression e) {
    Symbol symbol = new Symbol(NUMBER);
    symbol.expression = e;
    return Tensor.of(BACKEND, new View(symbol, Layout.contiguous(Shape.of())), null);
  }

  /** Whether this is a number that a function being traced computes. */
  static boolean isTraced(Tensor t) {
    return t.buffer() instanceof Symbol s && !s.isTruth();
  }

  /** What a traced tensor stands for. */
  static Expression expression(Tensor t) {
    return symbol(t.view()).get();
  }

  /** From here on, whoever asks for this tensor means that input. */
  static void rename(Tensor t, int input) {
    symbol(t.view()).expression = new Expression.Input(input);
  }

  /** The same number without its gradient. */
  static Tensor constant(Tensor t) {
    return tensor(new Expression.Constant(expression(t)));
  }

  // ---- as a backend ----

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] args) {
    switch (method.getName()) {
      case "device" -> {
        return DEVICE;
      }
      case "hasChannelsLast" -> {
        return false;
      }
      case "allocate" -> {
        return allocate((DType) Objects.requireNonNull(args[0]));
      }
      case "fill" -> {
        Symbol y = symbol(args[2]);
        y.set(new Expression.Number((double) Objects.requireNonNull(args[0]), y.isTruth()));
      }
      case "copy" -> copy(symbol(args[1]), symbol(args[2]));
      case "unary" -> {
        var op = (UnaryOp) Objects.requireNonNull(args[0]);
        double a = (double) Objects.requireNonNull(args[1]);
        double b = (double) Objects.requireNonNull(args[2]);
        symbol(args[5]).set(new Expression.Unary(op, a, b, symbol(args[4]).get()));
      }
      case "binary" -> {
        var op = (BinaryOp) Objects.requireNonNull(args[0]);
        Symbol y = symbol(args[4]);
        y.set(new Expression.Binary(op, symbol(args[2]).get(), symbol(args[3]).get()));
      }
      case "where" -> where(symbol(args[1]), symbol(args[2]), symbol(args[3]), symbol(args[4]));
      case "equals" -> {
        return proxy == args[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      case "toString" -> {
        return DEVICE.toString();
      }
      default -> throw refused(method.getName().replaceAll("([A-Z])", "_$1"));
    }
    return null;
  }

  private static Symbol allocate(DType dtype) {
    if (dtype != NUMBER && dtype != DType.BOOL) {
      throw refused("a tensor of " + dtype);
    }
    return new Symbol(dtype);
  }

  private static void copy(Symbol x, Symbol y) {
    boolean same = x.isTruth() == y.isTruth();
    y.set(same ? x.get() : new Expression.Converted(x.get(), y.isTruth()));
  }

  private static void where(Symbol condition, Symbol a, Symbol b, Symbol y) {
    if (y.isTruth()) {
      throw refused("where of bool");
    }
    y.set(new Expression.Where(condition.get(), a.get(), b.get()));
  }

  private static Symbol symbol(@Nullable Object view) {
    View v = (View) Objects.requireNonNull(view);
    if (!(v.buffer() instanceof Symbol symbol)) {
      throw refused("a tensor that is no input");
    }
    if (v.shape().rank() != 0) {
      throw refused("shape " + v.shape());
    }
    return symbol;
  }

  private static UnsupportedOpException refused(String what) {
    return new UnsupportedOpException(
        "expected elementwise ops of floating tensors alone, got %s. Hint: fuse what is before and behind it"
            .formatted(what.toLowerCase(Locale.ROOT)));
  }
}
