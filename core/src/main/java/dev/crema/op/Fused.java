package dev.crema.op;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.Autograd;
import dev.crema.autograd.GradMode;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Saver;
import dev.crema.autograd.Vjp;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.TensorException;
import dev.crema.tensor.UnsupportedOpException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A function of the elements of some tensors, written with ordinary ops and computed in one pass
 * over memory, on a GPU by one kernel; so is the gradient for each input:
 *
 * {@snippet :
 * private static final Fused MISH = Fused.of("mish", 1, t -> t[0].mul(t[0].exp().add(1).log().tanh()));
 *
 * Tensor y = MISH.apply(x);
 * }
 *
 * <p>The function is run once, on tensors that note which ops it takes; so it may use elementwise
 * ops and numbers alone, no shapes, and no values. The bits are those of one op after the other;
 * only where an input is broadcast may its gradient's differ, which is summed once, at the end.
 * Inputs broadcast. Under {@link Autocast}, all of it computes in f32 if one of its ops would.
 *
 * <p>Its gradient is that of the ops. It keeps the inputs that it needs, or the result, and
 * computes what is between once more. What is too long for one pass (see {@link
 * dev.crema.backend.Chain}), or has a gradient that is, runs op by op.
 */
public final class Fused {
  /** How many of {@link #per}'s functions are remembered. */
  private static final int REMEMBERED = 256;

  private final String name;
  private final int inputs;
  private final Supplier<Expression> source;
  private volatile @Nullable Program program;
  private volatile @Nullable Derived derived;

  /** The gradient for each input, and whether all of them can run in one pass. */
  private record Derived(List<Fused> gradients, boolean fit) {}

  private Fused(String name, int inputs, Supplier<Expression> source) {
    this.name = name;
    this.inputs = inputs;
    this.source = source;
  }

  /**
   * A fused function.
   *
   * @param name what errors, graphs and profiles call it
   * @param inputs how many tensors it takes
   * @param function from the inputs to the result; it must always do the same
   */
  public static Fused of(String name, int inputs, Function<Tensor[], Tensor> function) {
    return new Fused(name, inputs, () -> trace(name, inputs, function));
  }

  /**
   * Fused functions that differ by a parameter, each made once and remembered:
   *
   * {@snippet :
   * private static final Function<Double, Fused> SHRINK =
   *     Fused.per(by -> Fused.of("shrink", 1, t -> t[0].sub(t[0].clamp(-by, by))));
   *
   * Tensor y = SHRINK.apply(0.5).apply(x);
   * }
   */
  public static <P> Function<P, Fused> per(Function<P, Fused> make) {
    Map<P, Fused> known = new ConcurrentHashMap<>();
    return parameter -> {
      Fused fused = known.get(parameter);
      if (fused == null) {
        if (known.size() >= REMEMBERED) { // parameters that are new each time
          known.clear();
        }
        fused = make.apply(parameter);
        known.put(parameter, fused);
      }
      return fused;
    };
  }

  /**
   * The function of these tensors, of one floating dtype and on one device; their shapes broadcast
   * to the result's.
   *
   * @throws UnsupportedOpException at the first call, if the function does anything but elementwise
   *     ops
   */
  public Tensor apply(Tensor... x) {
    if (x.length != inputs) {
      throw new IllegalArgumentException(
          "%s: expected %s tensors, got %s".formatted(name, inputs, x.length));
    }
    if (program().inputs().isEmpty()) {
      throw new UnsupportedOpException(name + ": expected a function of its inputs, got a number");
    }
    return run(x);
  }

  // ---- running ----

  /** Of the inputs only those that the program takes need be there. */
  private Tensor run(@Nullable Tensor[] given) {
    Program p = program();
    @Nullable Tensor[] x = given.clone();
    Tensor[] operands = operands(p, x);
    Tensor first = operands[0];
    if (p.isOneOp() || Tracer.isTraced(first) || !runsInOnePass(p, operands)) {
      return Expression.evaluate(p.root(), nonNull(x, first));
    }
    Shape shape = first.shape();
    for (Tensor t : operands) {
      shape = t.shape().equals(shape) ? shape : Shape.broadcast(name, shape, t.shape());
    }
    Tensor y = Tensor.empty(shape, first.dtype(), first.device(), Formats.of(shape, operands));
    View[] views = new View[operands.length];
    Arrays.setAll(views, i -> operands[i].view());
    first.backend().chain(p.chain(), PointwisePlan.of(y.view(), views), List.of(views), y.view());
    return Autograd.record(name, y, x, s -> gradient(x, s));
  }

  /** The program's inputs, checked, and in one dtype; in x, all others are gone. */
  private Tensor[] operands(Program p, @Nullable Tensor[] x) {
    Tensor[] operands = new Tensor[p.inputs().size()];
    boolean wide = p.isTouchy();
    for (int i = 0; i < operands.length; i++) {
      operands[i] = present(x, p.inputs().get(i));
      Check.floating(name, operands[i]);
      wide |= operands[i].dtype() != operands[0].dtype();
    }
    Arrays.fill(x, null);
    for (int i = 0; i < operands.length; i++) {
      operands[i] = wide ? Autocast.wide(operands[i]) : operands[i];
      Check.together(name, operands[0], operands[i]);
      x[p.inputs().get(i)] = operands[i];
    }
    return operands;
  }

  private static Tensor present(@Nullable Tensor[] x, int i) {
    Tensor t = x[i];
    if (t == null) {
      throw new IllegalStateException("a gradient needs input " + i + ", which was not kept");
    }
    return t;
  }

  /** No expression asks for what is filled in here. */
  private static Tensor[] nonNull(@Nullable Tensor[] x, Tensor any) {
    return Arrays.stream(x).map(t -> t == null ? any : t).toArray(Tensor[]::new);
  }

  private boolean runsInOnePass(Program p, Tensor[] operands) {
    if (!p.fits() || !GradMode.isRecording()) {
      return p.fits();
    }
    for (Tensor t : operands) {
      if (t.requiresGrad()) {
        return derived().fit;
      }
    }
    return true;
  }

  // ---- the gradient ----

  /** Keeps what the gradients need that are wanted. */
  private FusedGrad gradient(@Nullable Tensor[] x, Saver s) {
    @Nullable Saved[] kept = new Saved[inputs + 1];
    for (int i = 0; i < inputs; i++) {
      Tensor t = x[i];
      if (t != null && t.requiresGrad()) {
        for (int needed : derived().gradients.get(i).program().inputs()) {
          if (needed > 0 && kept[needed - 1] == null) {
            kept[needed - 1] = needed <= inputs ? s.of(present(x, needed - 1)) : s.output();
          }
        }
      }
    }
    return new FusedGrad(this, kept);
  }

  /** The gradient of every fused function, from the inputs and, last, the result. */
  record FusedGrad(Fused fused, @Nullable Saved[] kept) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      @Nullable Tensor[] x = new Tensor[1 + kept.length];
      x[0] = gy;
      for (int i = 0; i < kept.length; i++) {
        Saved one = kept[i];
        x[1 + i] = one == null ? null : one.get();
      }
      List<Fused> gradients = fused.derived().gradients;
      @Nullable Tensor[] known = new Tensor[gradients.size()];
      for (int i = 0; i < known.length; i++) {
        if (g.wants(i)) {
          int same = gradients.indexOf(gradients.get(i)); // both sides of a sum have one
          Tensor before = known[same];
          Tensor gradient = before == null ? gradients.get(i).derivative(x) : before;
          known[same] = gradient;
          g.set(i, gradient);
        }
      }
    }
  }

  /** Of gy, the inputs and the result. */
  private Tensor derivative(@Nullable Tensor[] x) {
    return program().inputs().isEmpty() ? Tensor.zerosLike(present(x, 0)) : run(x);
  }

  // ---- what it computes ----

  private Program program() {
    Program known = program;
    if (known == null) {
      known = Program.of(name, source.get());
      program = known;
    }
    return known;
  }

  private Derived derived() {
    Derived known = derived;
    if (known == null) {
      List<Fused> gradients = Autograd.apart(this::differentiate);
      known = new Derived(gradients, gradients.stream().allMatch(g -> g.program().fits()));
      derived = known;
    }
    return known;
  }

  /** For each input, a function of the gradient for the result, the inputs, and the result. */
  private List<Fused> differentiate() {
    Tensor gy = Tracer.input(0);
    Tensor[] x = new Tensor[inputs];
    Arrays.setAll(x, i -> Tracer.input(1 + i).requiresGrad_());
    Tensor y = Expression.evaluate(program().root(), x);
    Tracer.rename(y, 1 + inputs);
    List<Tensor> of =
        y.requiresGrad()
            ? Autograd.grad(y, gy, List.of(x), true, true)
            : Arrays.stream(x).map(Tensor::zerosLike).toList();
    List<Fused> all = new ArrayList<>();
    for (Tensor t : of) {
      Expression expression = Tracer.expression(t);
      Fused fresh = new Fused(name + "_grad", inputs + 2, () -> expression);
      all.add(all.stream().filter(fresh::isSameAs).findFirst().orElse(fresh));
    }
    return all;
  }

  private boolean isSameAs(Fused other) {
    return program().isSameAs(other.program());
  }

  private static Expression trace(String name, int inputs, Function<Tensor[], Tensor> function) {
    return Autograd.apart(
        () -> {
          Tensor[] x = IntStream.range(0, inputs).mapToObj(Tracer::input).toArray(Tensor[]::new);
          try {
            Tensor y = function.apply(x);
            if (!y.dtype().isFloating()) {
              throw new DTypeException(
                  "expected a floating result, got %s. Hint: convert with to(t[0].dtype())"
                      .formatted(y.dtype()));
            }
            return Tracer.expression(y);
          } catch (TensorException e) {
            e.passing("", name);
            throw e;
          }
        });
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
