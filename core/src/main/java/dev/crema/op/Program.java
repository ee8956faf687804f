package dev.crema.op;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.Chain;
import dev.crema.backend.UnaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** An expression as a backend's chain of steps, each computed once. */
final class Program {
  private final Expression root;
  private final List<Integer> inputs;
  private final Chain chain;
  private final boolean touchy;

  private Program(Expression root, List<Integer> inputs, Chain chain) {
    this.root = root;
    this.inputs = inputs;
    this.chain = chain;
    this.touchy = chain.steps().stream().anyMatch(Program::isTouchy);
  }

  /** The steps without which the expression is not known. */
  static Program of(String name, Expression root) {
    return new Builder().build(name, root);
  }

  Expression root() {
    return root;
  }

  /** The numbers of the inputs that the chain takes, in its order; it needs no others. */
  List<Integer> inputs() {
    return inputs;
  }

  /** Without steps where the expression is an input or a number. */
  Chain chain() {
    return chain;
  }

  /** Whether it is no more than one op on tensors, or none. */
  boolean isOneOp() {
    return chain.steps().isEmpty() || chain.steps().size() == 1 && chain.numbers() == 0;
  }

  /** Whether it runs in one pass. */
  boolean fits() {
    return isOneOp() || chain.fits();
  }

  /** Whether f16 and bf16 lose too much in one of its steps. */
  boolean isTouchy() {
    return touchy;
  }

  private static boolean isTouchy(Chain.Step step) {
    return switch (step) {
      case Chain.Unary u -> Pointwise.isTouchy(u.op());
      case Chain.Binary b -> b.op() == BinaryOp.POW;
      case Chain.Where _ -> false;
    };
  }

  /** Whether it computes the same of the same. */
  boolean isSameAs(Program other) {
    return inputs.equals(other.inputs) && chain.toString().equals(other.chain.toString());
  }

  /** Numbers operands as it meets them; in the end inputs come first, then numbers, then steps. */
  private static final class Builder {
    private static final int NUMBER = 1 << 20;
    private static final int STEP = 1 << 21;

    private final Map<Expression, Integer> known = new IdentityHashMap<>();
    private final TreeSet<Integer> inputs = new TreeSet<>();
    private final List<Double> numbers = new ArrayList<>();
    private final Map<Chain.Step, Integer> steps = new LinkedHashMap<>();

    Program build(String name, Expression root) {
      operand(root);
      List<Integer> used = List.copyOf(inputs);
      List<Chain.Step> numbered = steps.keySet().stream().map(s -> renumber(s, used)).toList();
      return new Program(root, used, new Chain(name, used.size(), numbers, numbered));
    }

    private int operand(Expression e) {
      Integer operand = known.get(e);
      if (operand == null) {
        operand = number(e);
        known.put(e, operand);
      }
      return operand;
    }

    private int number(Expression e) {
      return switch (e) {
        case Expression.Input input -> {
          inputs.add(input.number());
          yield input.number();
        }
        case Expression.Number n -> number(n.value());
        case Expression.Unary u when u.op() == UnaryOp.NOT ->
            step(new Chain.Binary(BinaryOp.EQ, operand(u.x()), number(0)));
        case Expression.Unary u -> step(new Chain.Unary(u.op(), u.a(), u.b(), operand(u.x())));
        case Expression.Binary b ->
            step(new Chain.Binary(op(b.op()), operand(b.a()), operand(b.b())));
        case Expression.Where w ->
            step(new Chain.Where(operand(w.condition()), operand(w.a()), operand(w.b())));
        case Expression.Converted c when c.truth() ->
            step(new Chain.Binary(BinaryOp.NE, operand(c.x()), number(0)));
        case Expression.Converted c -> operand(c.x());
        case Expression.Constant c -> operand(c.x());
      };
    }

    /** Truth values are 0 and 1 here. */
    private static BinaryOp op(BinaryOp op) {
      return switch (op) {
        case AND -> BinaryOp.MIN;
        case OR -> BinaryOp.MAX;
        case XOR -> BinaryOp.NE;
        default -> op;
      };
    }

    private int number(double value) {
      int i = numbers.indexOf(value); // as objects: -0.0 is another number than 0.0
      if (i < 0) {
        i = numbers.size();
        numbers.add(value);
      }
      return NUMBER + i;
    }

    private int step(Chain.Step step) {
      Integer before = steps.putIfAbsent(step, steps.size());
      return STEP + (before == null ? steps.size() - 1 : before);
    }

    private Chain.Step renumber(Chain.Step step, List<Integer> used) {
      int[] o =
          Arrays.stream(Chain.operands(step))
              .map(
                  operand ->
                      operand >= STEP
                          ? used.size() + numbers.size() + operand - STEP
                          : operand >= NUMBER
                              ? used.size() + operand - NUMBER
                              : used.indexOf(operand))
              .toArray();
      return switch (step) {
        case Chain.Unary u -> new Chain.Unary(u.op(), u.a(), u.b(), o[0]);
        case Chain.Binary b -> new Chain.Binary(b.op(), o[0], o[1]);
        case Chain.Where _ -> new Chain.Where(o[0], o[1], o[2]);
      };
    }
  }
}
