package dev.crema.autograd;

import dev.crema.backend.Capture;
import dev.crema.tensor.AutogradException;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What ops and users ask of the graph: record an op, differentiate. */
public final class Autograd {
  private Autograd() {}

  /**
   * The inputs of an op, in the order in which its gradient fills {@link Gradients}; null for one
   * that is absent.
   */
  public static @Nullable Tensor[] inputs(@Nullable Tensor... inputs) {
    return inputs;
  }

  /**
   * Records that {@code y} was made by {@code op} from {@code inputs}, if a graph is recorded and
   * an input is differentiable.
   *
   * @param y the op's fresh result
   * @param gradient makes the op's gradient, telling the {@link Saver} what to keep
   * @return y
   */
  public static Tensor record(
      String op, Tensor y, @Nullable Tensor[] inputs, Function<Saver, Vjp> gradient) {
    if (!GradMode.isRecording() || !y.dtype().isFloating() || !anyDifferentiable(inputs)) {
      return y;
    }
    @Nullable Node[] nodes = new Node[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      Tensor input = inputs[i];
      nodes[i] = input == null ? null : input.node();
    }
    OpNode node = new OpNode(op, y.shape(), nodes);
    node.retain(); // until y holds it; should saving fail, the release frees what was saved
    try {
      Saver saver = new Saver(node, y);
      node.attach(gradient.apply(saver));
      y.attach(node);
    } finally {
      node.release();
    }
    return y;
  }

  /**
   * Runs something as if nothing were open around it: a graph is recorded, no {@link Autocast} is
   * there, and no captured step.
   */
  public static <T> T apart(Supplier<T> body) {
    return Capture.outside(
        () -> {
          boolean before = GradMode.set(true);
          Autocast outside = Autocast.use(null);
          try (Scope _ = Scope.open("apart")) {
            return body.get();
          } finally {
            GradMode.set(before);
            Autocast.use(outside);
          }
        });
  }

  /**
   * Refuses to change {@code t} in place while it, or what is written into it, is part of a
   * recorded graph.
   */
  public static void checkInPlace(String op, Tensor t, @Nullable Tensor... others) {
    if (GradMode.isRecording() && (t.requiresGrad() || anyDifferentiable(others))) {
      throw new AutogradException(
          "%s: in-place change of a tensor of shape %s that is part of the graph. Hint: use the op without the underscore, or NoGrad"
              .formatted(op, t.shape()));
    }
  }

  /**
   * The gradients of the sum of {@code output} with respect to {@code inputs}, without touching any
   * {@link Tensor#grad}.
   *
   * @param createGraph whether the gradients can be differentiated again; the graph is then kept,
   *     too
   * @return one gradient per input, of its shape; zeros where the output does not depend on it
   */
  public static List<Tensor> grad(Tensor output, List<Tensor> inputs, boolean createGraph) {
    try (Tensor ones = Tensor.onesLike(output)) {
      return Engine.grad(output, ones, inputs, createGraph, createGraph);
    }
  }

  /** As {@link #grad(Tensor, List, boolean)}, with the gradient for {@code output} given. */
  public static List<Tensor> grad(
      Tensor output, Tensor seed, List<Tensor> inputs, boolean retainGraph, boolean createGraph) {
    return Engine.grad(output, seed, inputs, retainGraph, createGraph);
  }

  /** {@link Tensor#backward(Tensor, boolean, boolean)}. */
  public static void backward(
      Tensor output, @Nullable Tensor seed, boolean retainGraph, boolean createGraph) {
    Engine.backward(output, seed, retainGraph, createGraph);
  }

  /** How many of the ops that {@code output} was made by took the tensor at this node. */
  public static long uses(Tensor output, Node node) {
    Node root = output.node();
    return root == null
        ? 0
        : Engine.reachable(root).stream()
            .flatMap(n -> Arrays.stream(n.inputs()))
            .filter(input -> input == node)
            .count();
  }

  private static boolean anyDifferentiable(@Nullable Tensor[] inputs) {
    for (Tensor input : inputs) {
      if (input != null && input.requiresGrad()) {
        return true;
      }
    }
    return false;
  }
}
