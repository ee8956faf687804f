package dev.crema.autograd;

import dev.crema.tensor.AutogradException;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Walks a graph back, newest node first. It alone adds gradients up, sums them back over broadcast
 * dimensions, and owns those that wait (the frontier): they live outside scopes and are closed as
 * they are used, or all at once when a gradient fails.
 */
final class Engine {
  private final boolean retainGraph;
  private final Map<Node, Tensor> frontier = new IdentityHashMap<>();
  private final PriorityQueue<Node> queue =
      new PriorityQueue<>(Comparator.comparingLong((Node n) -> n.id).reversed());

  /**
   * For {@link #grad}: the nodes on a path to a target, and the gradients collected so far; null
   * for backward.
   */
  private @Nullable Set<Node> onPath;

  private final Map<Node, Tensor> collected = new IdentityHashMap<>();
  private Set<Node> targets = Set.of();

  private Engine(boolean retainGraph) {
    this.retainGraph = retainGraph;
  }

  static void backward(
      Tensor output, @Nullable Tensor seed, boolean retainGraph, boolean createGraph) {
    Node root = rootOf(output);
    var engine = new Engine(retainGraph || createGraph);
    if (seed != null) {
      engine.run(root, checkedSeed(output, seed), createGraph);
      return;
    }
    try (Tensor ones = onesForScalar(output)) {
      engine.run(root, ones, createGraph);
    }
  }

  static List<Tensor> grad(
      Tensor output, Tensor seed, List<Tensor> inputs, boolean retainGraph, boolean createGraph) {
    Node root = rootOf(output);
    Engine engine = new Engine(retainGraph || createGraph);
    engine.targets = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Tensor input : inputs) {
      Node node = input.node();
      if (node == null) {
        throw new AutogradException(
            "grad: an input of shape %s is not differentiable. Hint: requiresGrad_() before the forward"
                .formatted(input.shape()));
      }
      engine.targets.add(node);
    }
    engine.onPath = pathsTo(engine.targets, root);
    try {
      engine.run(root, checkedSeed(output, seed), createGraph);
      List<Tensor> gradients = new ArrayList<>();
      for (Tensor input : inputs) {
        Tensor g = engine.collected.get(input.node());
        gradients.add(g == null ? Tensor.zerosLike(input) : g.alias());
      }
      return gradients;
    } finally {
      engine.collected.values().forEach(Tensor::close);
    }
  }

  private void run(Node root, Tensor seed, boolean createGraph) {
    boolean before = GradMode.set(createGraph);
    Autocast outside = Autocast.use(null);
    try {
      add(root, Scope.escape(seed.alias()));
      while (!queue.isEmpty()) {
        Node node = queue.remove();
        step(node, take(node));
      }
    } finally {
      GradMode.set(before);
      Autocast.use(outside);
      frontier.values().forEach(Tensor::close);
    }
  }

  /** Passes one complete gradient on; owns {@code gy}. */
  private void step(Node node, Tensor gy) {
    if (node instanceof Leaf leaf && onPath == null && !node.hasHooks()) {
      leaf.accumulate(gy);
      return;
    }
    Tensor g = gy;
    try (Scope _ = Scope.open("backward")) {
      if (node.hasHooks()) {
        Tensor hooked = node.hooked(g.alias());
        checkShape(node, hooked);
        g.close();
        g = Scope.escape(hooked.alias());
      }
      if (targets.contains(node)) {
        collected.put(node, Scope.escape(g.alias()));
      }
      switch (node) {
        case Leaf leaf -> {
          if (onPath == null) {
            leaf.accumulate(Scope.escape(g.alias()));
          }
        }
        case OpNode op -> {
          var sink = new Sink(op);
          if (sink.wantsAny()) {
            String before = Place.jump(op.place);
            try {
              op.vjp().apply(g, sink);
            } finally {
              Place.leave(before);
            }
            if (!retainGraph) {
              op.free();
            }
          }
        }
      }
    } finally {
      g.close();
    }
  }

  /** Takes the gradients for one node's inputs. */
  private final class Sink implements Gradients {
    private final OpNode node;

    Sink(OpNode node) {
      this.node = node;
    }

    @Override
    public boolean wants(int i) {
      Node input = node.inputs()[i];
      return input != null && (onPath == null || onPath.contains(input));
    }

    /** False at a target of {@link #grad} behind which there is no other: the graph there stays. */
    boolean wantsAny() {
      return IntStream.range(0, node.inputs().length).anyMatch(this::wants);
    }

    @Override
    public void set(int i, Tensor gradient) {
      Node input = node.inputs()[i];
      if (input == null) {
        throw new IllegalStateException(
            node.op() + ": a gradient for input " + i + ", which is not differentiable");
      }
      Tensor g = sumTo(gradient, input.shape);
      checkShape(input, g);
      add(input, Scope.escape(g.alias()));
    }
  }

  /** Adds to what waits for {@code node}; owns {@code g}. */
  private void add(Node node, Tensor g) {
    Tensor old = frontier.get(node);
    if (old == null) {
      frontier.put(node, g);
      queue.add(node);
      return;
    }
    try (g) {
      if (!GradMode.isRecording() && isDense(old) && old.buffer().isUnique()) {
        old.add_(g);
      } else {
        frontier.put(node, Scope.escape(old.add(g)));
        old.close();
      }
    }
  }

  /** Whether no two elements share a place. */
  private static boolean isDense(Tensor t) {
    return t.isContiguous() || t.isContiguous(MemoryFormat.CHANNELS_LAST);
  }

  private Tensor take(Node node) {
    Tensor g = frontier.remove(node);
    if (g == null) {
      throw new IllegalStateException("a queued node without a gradient");
    }
    return g;
  }

  /** Undoes a broadcast: sums over the dimensions that were added or repeated. */
  private static Tensor sumTo(Tensor g, Shape shape) {
    if (g.shape().equals(shape)) {
      return g;
    }
    int lead = g.shape().rank() - shape.rank();
    List<Integer> dims = new ArrayList<>();
    for (int d = 0; d < g.shape().rank(); d++) {
      if (d < lead || shape.size(d - lead) == 1 && g.shape().size(d) != 1) {
        dims.add(d);
      }
    }
    return g.sum(dims.stream().mapToInt(Integer::intValue).toArray()).reshape(shape);
  }

  private static void checkShape(Node node, Tensor g) {
    if (!g.shape().equals(node.shape)) {
      throw new ShapeException(
          "backward: the gradient for a result of '%s' must have its shape %s, got %s"
              .formatted(node.op(), node.shape, g.shape()));
    }
  }

  private static Node rootOf(Tensor output) {
    Node root = output.node();
    if (root == null) {
      throw new AutogradException(
          "backward: a tensor of shape %s has no graph. Hint: nothing it was made from requires a gradient, or it was made under NoGrad"
              .formatted(output.shape()));
    }
    return root;
  }

  private static Tensor onesForScalar(Tensor output) {
    if (output.numel() != 1) {
      throw new AutogradException(
          "backward: expected a result of one element, got shape %s. Hint: reduce it first (sum, mean), or pass the gradient for it"
              .formatted(output.shape()));
    }
    return Tensor.onesLike(output);
  }

  private static Tensor checkedSeed(Tensor output, Tensor seed) {
    if (!seed.shape().equals(output.shape()) || seed.dtype() != output.dtype()) {
      throw new ShapeException(
          "backward: expected a gradient %s %s like the output, got %s %s"
              .formatted(output.dtype(), output.shape(), seed.dtype(), seed.shape()));
    }
    return seed;
  }

  /**
   * The nodes from which a target can be reached. Inputs have smaller ids, so one pass in id order
   * settles it.
   */
  private static Set<Node> pathsTo(Set<Node> targets, Node root) {
    List<Node> oldestFirst = new ArrayList<>(reachable(root));
    oldestFirst.sort(Comparator.comparingLong(n -> n.id));
    Set<Node> onPath = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node node : oldestFirst) {
      boolean leads = targets.contains(node);
      for (Node input : node.inputs()) {
        leads |= input != null && onPath.contains(input);
      }
      if (leads) {
        onPath.add(node);
      }
    }
    return onPath;
  }

  /** The node and everything it was made from. */
  static Set<Node> reachable(Node root) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    var stack = new ArrayDeque<Node>();
    stack.push(root);
    seen.add(root);
    while (!stack.isEmpty()) {
      for (Node input : stack.pop().inputs()) {
        if (input != null && seen.add(input)) {
          stack.push(input);
        }
      }
    }
    return seen;
  }
}
