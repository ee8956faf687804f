package dev.crema.op;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.UnaryOp;
import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What a fused function computes of each element. One object is one computation: where it is used
 * twice it is the same object, and only identity tells.
 */
sealed interface Expression {

  /** The input of that number. */
  record Input(int number) implements Expression {}

  /** A number, or a truth value. */
  record Number(double value, boolean truth) implements Expression {}

  record Unary(UnaryOp op, double a, double b, Expression x) implements Expression {}

  record Binary(BinaryOp op, Expression a, Expression b) implements Expression {}

  record Where(Expression condition, Expression a, Expression b) implements Expression {}

  /** A truth value as a number, or a number as a truth value. */
  record Converted(Expression x, boolean truth) implements Expression {}

  /** The same number, through which no gradient goes. */
  record Constant(Expression x) implements Expression {}

  /** Computes it by ordinary ops, which record their own gradients. */
  static Tensor evaluate(Expression root, Tensor[] inputs) {
    return new Evaluation(inputs, new IdentityHashMap<>()).of(root);
  }

  /** An evaluation under way, with what is known so far. */
  record Evaluation(Tensor[] inputs, Map<Expression, Tensor> known) {
    private Tensor of(Expression e) {
      Tensor t = known.get(e);
      if (t == null) {
        t = compute(e);
        known.put(e, t);
      }
      return t;
    }

    private Tensor compute(Expression e) {
      return switch (e) {
        case Input input -> inputs[input.number];
        case Number n -> Tensor.scalar(n.value, type(n.truth), inputs[0].device());
        case Unary u -> Pointwise.unary(u.op, of(u.x), u.a, u.b);
        case Binary b -> Pointwise.binary(b.op, of(b.a), of(b.b));
        case Where w -> Pointwise.where(of(w.condition), of(w.a), of(w.b));
        case Converted c -> of(c.x).to(type(c.truth));
        case Constant c -> of(c.x).detach();
      };
    }

    private DType type(boolean truth) {
      return truth ? DType.BOOL : inputs[0].dtype();
    }
  }
}
