package dev.crema.op;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.Autograd;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Vjp;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.UnaryOp;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise functions of one and two tensors, and the choice between two. Operands broadcast by
 * NumPy's rules.
 */
public final class Pointwise {
  private Pointwise() {}

  // ---- one operand ----

  /** y = op(x), with the op's parameters a and b. */
  public static Tensor unary(UnaryOp op, Tensor x0, double a, double b) {
    String name = name(op);
    Tensor x = isTouchy(op) ? Autocast.wide(x0) : x0;
    if (op == UnaryOp.NOT) {
      Check.dtype(name, x, DType.BOOL);
    } else if (!hasIntegers(op)) {
      Check.floating(name, x);
    } else if (x.dtype() == DType.BOOL) {
      throw new DTypeException("%s: expected numbers, got bool %s".formatted(name, x.shape()));
    }
    Tensor y = Formats.emptyLike(x);
    x.backend().unary(op, a, b, PointwisePlan.of(y.view(), x.view()), x.view(), y.view());
    return Autograd.record(
        name,
        y,
        Autograd.inputs(x),
        s ->
            new UnaryGrad(
                op,
                a,
                b,
                switch (gradientUses(op)) {
                  case NOTHING -> null;
                  case INPUT -> s.of(x);
                  case OUTPUT -> s.output();
                }));
  }

  /** The gradient of every unary op, from its input or its output {@code at}, or from neither. */
  record UnaryGrad(UnaryOp op, double a, double b, @Nullable Saved at) implements Vjp {
    private static final Function<UnaryGrad, Fused> IN_ONE_PASS =
        Fused.per(g -> Fused.of(name(g.op) + "_grad", 2, t -> g.formula(t[0], t[1])));

    @Override
    public void apply(Tensor gy, Gradients g) {
      Tensor t = at == null ? gy : at.get();
      g.set(
          0,
          isOneOp()
              ? formula(gy, t)
              : IN_ONE_PASS.apply(new UnaryGrad(op, a, b, null)).apply(gy, t));
    }

    private Tensor formula(Tensor gy, Tensor t) {
      return switch (op) {
        case NEG -> gy.neg();
        case ABS -> gy.mul(t.sign());
        case RECIPROCAL -> gy.mul(t.square()).neg();
        case SQUARE -> gy.mul(t).mul(2);
        case SQRT -> gy.div(t).mul(0.5);
        case RSQRT -> gy.mul(t.square().mul(t)).mul(-0.5);
        case EXP -> gy.mul(t);
        case LOG -> gy.div(t);
        case SIN -> gy.mul(t.cos());
        case COS -> gy.mul(t.sin()).neg();
        case TANH -> binary(BinaryOp.TANH_GRAD, gy, t);
        case SIGMOID -> binary(BinaryOp.SIGMOID_GRAD, gy, t);
        case RELU -> binary(BinaryOp.RELU_GRAD, gy, t);
        case LEAKY_RELU -> Tensor.where(t.gt(0), gy, gy.mul(a));
        case ELU -> Tensor.where(t.gt(0), gy, gy.mul(t.clampMax(0).exp()).mul(a));
        case POW -> a == 0 ? Tensor.zerosLike(gy) : gy.mul(t.pow(a - 1)).mul(a);
        case CLAMP -> Tensor.where(t.ge(a).logicalAnd(t.le(b)), gy, Tensor.zerosLike(gy));
        case SIGN, FLOOR, CEIL, ROUND -> Tensor.zerosLike(gy);
        case NOT -> throw new IllegalStateException("bool has no gradient");
      };
    }

    /** Whether the formula is one op, or none: looking for a fused one would only take time. */
    private boolean isOneOp() {
      return switch (op) {
        case NEG, EXP, LOG, TANH, SIGMOID, RELU, SIGN, FLOOR, CEIL, ROUND, NOT -> true;
        case POW -> a == 0;
        default -> false;
      };
    }
  }

  private enum Uses {
    NOTHING,
    INPUT,
    OUTPUT
  }

  private static Uses gradientUses(UnaryOp op) {
    return switch (op) {
      case NEG, SIGN, FLOOR, CEIL, ROUND, NOT -> Uses.NOTHING;
      case RECIPROCAL, SQRT, RSQRT, EXP, TANH, SIGMOID, RELU -> Uses.OUTPUT;
      case ABS, SQUARE, LOG, SIN, COS, LEAKY_RELU, ELU, POW, CLAMP -> Uses.INPUT;
    };
  }

  /** Whether 16 bits lose too much: of large and of small results, or where errors grow. */
  static boolean isTouchy(UnaryOp op) {
    return switch (op) {
      case EXP, LOG, POW, RECIPROCAL, RSQRT -> true;
      default -> false;
    };
  }

  private static final Fused SILU = Fused.of("silu", 1, t -> t[0].mul(t[0].sigmoid()));

  /** x·σ(x) (Elfwing et al., 2017). */
  public static Tensor silu(Tensor x) {
    return SILU.apply(x);
  }

  private static boolean hasIntegers(UnaryOp op) {
    return switch (op) {
      case NEG, ABS, SIGN, SQUARE, RELU, CLAMP -> true;
      default -> false;
    };
  }

  // ---- two operands ----

  /** y = op(a, b). */
  public static Tensor binary(BinaryOp op, Tensor a0, Tensor b0) {
    String name = name(op);
    Tensor a = op == BinaryOp.POW ? Autocast.wide(a0) : Autocast.beside(a0, b0.dtype());
    Tensor b = Autocast.beside(b0, a.dtype());
    checkPair(op, name, a, b);
    Shape shape = Shape.broadcast(name, a.shape(), b.shape());
    DType dtype = op.isComparison() ? DType.BOOL : a.dtype();
    Tensor y = Tensor.empty(shape, dtype, a.device(), Formats.of(shape, a, b));
    a.backend()
        .binary(op, PointwisePlan.of(y.view(), a.view(), b.view()), a.view(), b.view(), y.view());
    return Autograd.record(
        name,
        y,
        Autograd.inputs(a, b),
        s ->
            new BinaryGrad(
                op,
                savesA(op, b.requiresGrad()) ? s.of(a) : null,
                savesB(op, a.requiresGrad()) ? s.of(b) : null));
  }

  /**
   * The gradient of every binary op; it saves an operand only if a gradient that is wanted needs
   * it.
   */
  record BinaryGrad(BinaryOp op, @Nullable Saved a, @Nullable Saved b) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      switch (op) {
        case ADD -> {
          g.of(0, () -> gy);
          g.of(1, () -> gy);
        }
        case SUB -> {
          g.of(0, () -> gy);
          g.of(1, gy::neg);
        }
        case MUL -> {
          g.of(0, () -> gy.mul(get(b)));
          g.of(1, () -> gy.mul(get(a)));
        }
        case DIV -> {
          g.of(0, () -> gy.div(get(b)));
          g.of(1, () -> DIVISOR.apply(gy, get(a), get(b)));
        }
        case POW -> {
          g.of(0, () -> BASE.apply(gy, get(a), get(b)));
          g.of(1, () -> EXPONENT.apply(gy, get(a), get(b)));
        }
        case MAX -> {
          g.of(0, () -> LARGER.apply(gy, get(a), get(b)));
          g.of(1, () -> LARGER.apply(gy, get(b), get(a)));
        }
        case MIN -> {
          g.of(0, () -> LARGER.apply(gy, get(b), get(a)));
          g.of(1, () -> LARGER.apply(gy, get(a), get(b)));
        }
        case RELU_GRAD -> {
          g.of(0, () -> binary(op, gy, get(b)));
          g.of(1, () -> Tensor.zerosLike(gy));
        }
        case TANH_GRAD -> {
          g.of(0, () -> binary(op, gy, get(b)));
          g.of(1, () -> TANH_OUTPUT.apply(gy, get(a), get(b)));
        }
        case SIGMOID_GRAD -> {
          g.of(0, () -> binary(op, gy, get(b)));
          g.of(1, () -> SIGMOID_OUTPUT.apply(gy, get(a), get(b)));
        }
        default -> throw new IllegalStateException(op + " has no gradient");
      }
    }

    // From gy, a and b.

    private static final Fused DIVISOR =
        Fused.of("div_grad", 3, t -> t[0].mul(t[1]).div(t[2].square()).neg());

    // Where a^b is constant, 0·∞ would make NaN.
    private static final Fused BASE =
        Fused.of("pow_grad", 3, t -> unless(t[2].eq(0), t[0].mul(t[2]).mul(t[1].pow(t[2].sub(1)))));

    private static final Fused EXPONENT =
        Fused.of(
            "pow_grad",
            3,
            t ->
                unless(
                    t[1].eq(0).logicalAnd(t[2].ge(0)), t[0].mul(t[1].pow(t[2])).mul(t[1].log())));

    /** All of gy where a is larger than b, none where b is, a half where neither is. */
    private static final Fused LARGER =
        Fused.of(
            "larger_grad",
            3,
            t ->
                t[0].mul(
                    t[1].gt(t[2]).to(t[0].dtype()).add(t[1].eq(t[2]).to(t[0].dtype()).mul(0.5))));

    private static final Fused TANH_OUTPUT =
        Fused.of("tanh_grad_grad", 3, t -> t[0].mul(t[1]).mul(t[2]).mul(-2));

    private static final Fused SIGMOID_OUTPUT =
        Fused.of("sigmoid_grad_grad", 3, t -> t[0].mul(t[1]).mul(t[2].mul(-2).add(1)));

    private static Tensor unless(Tensor constant, Tensor gradient) {
      return where(constant, Tensor.zerosLike(gradient), gradient);
    }

    private static Tensor get(@Nullable Saved saved) {
      if (saved == null) {
        throw new IllegalStateException("an operand that was not saved");
      }
      return saved.get();
    }
  }

  private static boolean savesA(BinaryOp op, boolean bDifferentiable) {
    return switch (op) {
      case POW, MAX, MIN -> true;
      case MUL, DIV, TANH_GRAD, SIGMOID_GRAD -> bDifferentiable;
      default -> false;
    };
  }

  private static boolean savesB(BinaryOp op, boolean aDifferentiable) {
    return switch (op) {
      case POW, MAX, MIN, DIV, RELU_GRAD, TANH_GRAD, SIGMOID_GRAD -> true;
      case MUL -> aDifferentiable;
      default -> false;
    };
  }

  private static void checkPair(BinaryOp op, String name, Tensor a, Tensor b) {
    Check.together(name, a, b);
    if (op.isLogical()) {
      Check.dtype(name, a, DType.BOOL);
    } else if (op.isFloatingOnly()) {
      Check.floating(name, a);
    } else if (a.dtype() == DType.BOOL && !op.isComparison()) {
      throw new DTypeException(
          "%s: expected numbers, got bool %s and %s. Hint: convert with to(DType), or use logicalAnd, logicalOr"
              .formatted(name, a.shape(), b.shape()));
    }
  }

  // ---- a choice ----

  /** y = condition ? a : b. */
  public static Tensor where(Tensor condition, Tensor a0, Tensor b0) {
    Tensor a = Autocast.beside(a0, b0.dtype());
    Tensor b = Autocast.beside(b0, a.dtype());
    Check.dtype("where", condition, DType.BOOL);
    Check.together("where", a, b);
    Check.device("where", condition, a);
    Shape shape =
        Shape.broadcast("where", condition.shape(), Shape.broadcast("where", a.shape(), b.shape()));
    Tensor y = Tensor.empty(shape, a.dtype(), a.device(), Formats.of(shape, a, b));
    var plan = PointwisePlan.of(y.view(), condition.view(), a.view(), b.view());
    a.backend().where(plan, condition.view(), a.view(), b.view(), y.view());
    return Autograd.record("where", y, Autograd.inputs(a, b), s -> new WhereGrad(s.of(condition)));
  }

  record WhereGrad(Saved condition) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.of(0, () -> where(condition.get(), gy, Tensor.zerosLike(gy)));
      g.of(1, () -> where(condition.get(), Tensor.zerosLike(gy), gy));
    }
  }

  // ---- in place ----

  /** a = op(a, b); b broadcasts to a. */
  public static Tensor binary_(BinaryOp op, Tensor a, Tensor b) {
    String name = name(op) + "_";
    Check.writable(name, a, b);
    checkPair(op, name, a, b);
    Check.expands(name, b.shape(), a.shape());
    Tensor source = apart(a, b);
    var plan = PointwisePlan.of(a.view(), a.view(), source.view());
    a.backend().binary(op, plan, a.view(), source.view(), a.view());
    a.buffer().touch();
    return a;
  }

  /** a = value. */
  public static Tensor fill_(Tensor a, double value) {
    Check.writable("fill_", a);
    a.backend().fill(value, PointwisePlan.of(a.view()), a.view());
    a.buffer().touch();
    return a;
  }

  /** a = b, converted to a's dtype; b broadcasts to a. */
  public static Tensor copy_(Tensor a, Tensor b) {
    Check.writable("copy_", a, b);
    Check.device("copy_", a, b);
    Check.expands("copy_", b.shape(), a.shape());
    Tensor source = apart(a, b);
    a.backend().copy(PointwisePlan.of(a.view(), source.view()), source.view(), a.view());
    a.buffer().touch();
    return a;
  }

  /** b, or its copy where it sees a's buffer through another layout and would change underway. */
  private static Tensor apart(Tensor a, Tensor b) {
    return a.buffer() == b.buffer() && !a.layout().equals(b.layout()) ? b.copy() : b;
  }

  private static String name(UnaryOp op) {
    return op.name().toLowerCase(Locale.ROOT);
  }

  /** As the method of Tensor is called: max and min are reductions. */
  private static String name(BinaryOp op) {
    return switch (op) {
      case MAX -> "maximum";
      case MIN -> "minimum";
      default -> op.name().toLowerCase(Locale.ROOT);
    };
  }
}
