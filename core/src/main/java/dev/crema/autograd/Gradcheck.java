package dev.crema.autograd;

import dev.crema.tensor.AutogradException;
import dev.crema.tensor.DType;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Holds gradients against differences: each element of each input is moved a little, and the change
 * of the result compared with what autograd says.
 *
 * {@snippet :
 * Tensor x = Tensor.copyOf(new double[] {0.3, -1.2}).requiresGrad_();
 * Gradcheck.check("mine", in -> mine(in[0]), x).orThrow();
 * }
 *
 * <p>Differences are always taken in f64, central ones at two steps with Richardson's
 * extrapolation; autograd computes in the inputs' dtype, so that f32 inputs check the f32 gradient.
 * The result's elements are weighed with fixed random numbers, so that wrong gradients do not
 * cancel.
 *
 * <p>The function must give the same result each time, and be smooth for 1/256 of each element
 * around it (0.0005 around zero): at a kink, such as a ReLU's at 0 or a maximum's at a tie, there
 * is no gradient to compare with.
 */
public final class Gradcheck {
  private Gradcheck() {}

  /**
   * Checks the gradient of {@code function}.
   *
   * @param name what the result calls it
   * @param function from the inputs to one tensor of their dtype; called four times per element
   * @param inputs where to check; of them, those that {@linkplain Tensor#requiresGrad require a
   *     gradient} are checked, and the others left as they are
   */
  public static Result check(String name, Function<Tensor[], Tensor> function, Tensor... inputs) {
    return run(name, 1, function, inputs);
  }

  /**
   * Checks the gradient of the gradient: as {@link #check} does, of the function that maps the
   * inputs, and as a last one the gradient for the result, to the gradients for the inputs.
   */
  public static Result checkSecondOrder(
      String name, Function<Tensor[], Tensor> function, Tensor... inputs) {
    try (Scope _ = Scope.open("gradcheck")) {
      Tensor y = function.apply(inputs.clone());
      Tensor[] extended = Arrays.copyOf(inputs, inputs.length + 1);
      extended[inputs.length] = like(y, weights(y.numel(), 2)).requiresGrad_();
      boolean[] wanted = new boolean[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        wanted[i] = inputs[i].requiresGrad();
      }
      return run(name, 2, x -> gradients(function, x, wanted), extended);
    }
  }

  /** The gradients for the wanted inputs, one behind the other; x's last is the one for y. */
  private static Tensor gradients(
      Function<Tensor[], Tensor> function, Tensor[] x, boolean[] wanted) {
    Tensor[] at = Arrays.copyOf(x, wanted.length);
    List<Tensor> targets = new ArrayList<>();
    for (int i = 0; i < at.length; i++) {
      if (wanted[i]) {
        at[i] = x[i].requiresGrad() ? x[i] : x[i].detach().requiresGrad_();
        targets.add(at[i]);
      }
    }
    Tensor y = function.apply(at);
    List<Tensor> gradients = Autograd.grad(y, x[wanted.length], targets, true, true);
    return Tensor.cat(gradients.stream().map(g -> g.reshape(-1)).toList(), 0);
  }

  private static Result run(
      String name, int order, Function<Tensor[], Tensor> function, Tensor... inputs) {
    List<Integer> checked = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].requiresGrad()) {
        checked.add(i);
      }
    }
    if (checked.isEmpty()) {
      throw new AutogradException(
          "gradcheck: no input of '%s' is differentiable. Hint: requiresGrad_()".formatted(name));
    }
    try (Scope _ = Scope.open("gradcheck")) {
      Tensor y = function.apply(inputs.clone());
      double[] weights = weights(y.numel(), 1);
      Set<Rule> rules = rules(y);
      List<double[]> analytic = analytic(y, weights, checked.stream().map(i -> inputs[i]).toList());
      var differences = new CentralDifferences(function, inputs, weights);
      List<double[]> numeric = checked.stream().map(differences::gradient).toList();

      double rounding = 1e-6 * largest(y.toDoubleArray());
      DType dtype = inputs[checked.getFirst()].dtype();
      Result worst = new Result(name, order, dtype, 0, checked.getFirst(), List.of(), 0, 0, rules);
      for (int c = 0; c < checked.size(); c++) {
        int input = checked.get(c);
        double[] a = analytic.get(c);
        double[] n = numeric.get(c);
        double floor = Math.max(1e-2 * largest(n), rounding);
        for (int i = 0; i < a.length; i++) {
          double error = relativeError(a[i], n[i], floor);
          if (error >= worst.error) {
            List<Long> element = coordinates(inputs[input].shape(), i);
            worst = new Result(name, order, dtype, error, input, element, a[i], n[i], rules);
          }
        }
      }
      return worst;
    }
  }

  private static List<double[]> analytic(Tensor y, double[] weights, List<Tensor> inputs) {
    if (!y.requiresGrad()) {
      return inputs.stream().map(x -> new double[(int) x.numel()]).toList();
    }
    return Autograd.grad(y, like(y, weights), inputs, false, false).stream()
        .map(Tensor::toDoubleArray)
        .toList();
  }

  /** Fixed numbers in ±[0.5, 1.5), the same in f32 as in f64. */
  private static double[] weights(long n, long seed) {
    Generator random = Generator.of(seed);
    double[] weights = new double[Math.toIntExact(n)];
    Arrays.setAll(
        weights, _ -> (random.nextInt(2) == 0 ? -1 : 1) * (float) (0.5 + random.nextDouble()));
    return weights;
  }

  private static Tensor like(Tensor y, double[] values) {
    return Tensor.copyOf(values, DType.F64, y.shape(), y.device()).to(y.dtype());
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  /**
   * |a − n| relative to the larger one; relative to {@code floor} where both are small, since a
   * difference of results is only as exact as the results' largest.
   */
  private static double relativeError(double a, double n, double floor) {
    double error =
        a == n ? 0 : Math.abs(a - n) / Math.max(floor, Math.max(Math.abs(a), Math.abs(n)));
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  private static List<Long> coordinates(Shape shape, long index) {
    List<Long> at = new ArrayList<>();
    long rest = index;
    for (int d = shape.rank() - 1; d >= 0; d--) {
      at.addFirst(rest % shape.size(d));
      rest /= shape.size(d);
    }
    return Collections.unmodifiableList(at);
  }

  /** Every op in the graph of y. */
  private static Set<Rule> rules(Tensor y) {
    Set<Rule> rules = new TreeSet<>();
    Node root = y.node();
    if (root != null) {
      for (Node node : Engine.reachable(root)) {
        if (node instanceof OpNode op) {
          rules.add(new Rule(op.op(), op.vjp().getClass().getName()));
        }
      }
    }
    return Collections.unmodifiableSet(rules);
  }

  /**
   * A gradient that was run.
   *
   * @param op the op's name
   * @param gradient the name of the {@link Vjp}'s class
   */
  public record Rule(String op, String gradient) implements Comparable<Rule> {
    @Override
    public int compareTo(Rule other) {
      int byOp = op.compareTo(other.op);
      return byOp != 0 ? byOp : gradient.compareTo(other.gradient);
    }
  }

  /**
   * The worst element of a check.
   *
   * @param name what was checked
   * @param order 1 for the gradient, 2 for the gradient of the gradient
   * @param dtype what autograd computed in
   * @param error the largest relative error, infinite where either side is not a number
   * @param input the number of the input it is in; at second order the number after the last input
   *     is the gradient for the result
   * @param element its coordinates there
   * @param analytic what autograd says there
   * @param numeric what the differences say there
   * @param rules the gradients that were run
   */
  public record Result(
      String name,
      int order,
      DType dtype,
      double error,
      int input,
      List<Long> element,
      double analytic,
      double numeric,
      Set<Rule> rules) {

    /** The largest relative error that passes: 1e-6 in f64, 1e-4 in f32. */
    public double bound() {
      return dtype == DType.F64 ? 1e-6 : 1e-4;
    }

    public boolean passed() {
      return error <= bound();
    }

    /** This result, if it passed; else an {@link AutogradException} that names the element. */
    public Result orThrow() {
      if (!passed()) {
        throw new AutogradException(toString());
      }
      return this;
    }

    /** One line: what was checked, how far off it is, and where. */
    @Override
    public String toString() {
      return "gradcheck: %s, %s, %s order: relative error %.1e %s %.0e at input %s %s: autograd says %s, differences %s"
          .formatted(
              name,
              dtype,
              order == 1 ? "first" : "second",
              error,
              passed() ? "<=" : ">",
              bound(),
              input,
              element,
              analytic,
              numeric);
    }
  }
}
