package dev.crema.tensor;

import dev.crema.autograd.Autograd;
import dev.crema.autograd.Leaf;
import dev.crema.autograd.Node;
import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.Buffer;
import dev.crema.backend.Capture;
import dev.crema.backend.RandomOp;
import dev.crema.backend.ReduceOp;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.op.Conv;
import dev.crema.op.CrossEntropy;
import dev.crema.op.Index;
import dev.crema.op.MatMul;
import dev.crema.op.Norm;
import dev.crema.op.Pad;
import dev.crema.op.Pointwise;
import dev.crema.op.Pool;
import dev.crema.op.Random;
import dev.crema.op.Reduce;
import dev.crema.op.Shaping;
import dev.crema.op.Softmax;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A strided array on a device, with its place in the autograd graph. Ops return new tensors; those
 * that end in {@code _} change this one in place. View ops (reshape, permute, slice, expand, …)
 * share the elements.
 *
 * <p>A tensor is a handle that holds one count of its buffer. It is closed by its {@link Scope}, or
 * by hand; without a scope, CPU memory is left to the garbage collector. Using a closed tensor
 * throws {@link ClosedException}. A handle belongs to one thread at a time; threads may share
 * parameters that nobody changes.
 *
 * <p>Each method here is one line into {@link dev.crema.op}, where the op's check, forward and
 * gradient stand together.
 */
public final class Tensor implements AutoCloseable {
  private Device device;
  private View view;
  private @Nullable Node node;
  private boolean closed;
  @Nullable Scope owner;

  private Tensor(Device device, View view, @Nullable Node node) {
    this.device = device;
    this.view = view;
    this.node = node;
    if (node != null) {
      node.retain();
    }
    Scope.adopt(this);
  }

  // ---- creation ----

  /** A copy of an array; without a shape, a vector. */
  public static Tensor copyOf(float[] data, long... shape) {
    return copyOf(data, DType.F32, shapeOr(data.length, shape), Device.cpu());
  }

  /** A copy of an array; without a shape, a vector. */
  public static Tensor copyOf(double[] data, long... shape) {
    return copyOf(data, DType.F64, shapeOr(data.length, shape), Device.cpu());
  }

  /** A copy of an array; without a shape, a vector. */
  public static Tensor copyOf(int[] data, long... shape) {
    return copyOf(data, DType.I32, shapeOr(data.length, shape), Device.cpu());
  }

  /** A copy of an array; without a shape, a vector. */
  public static Tensor copyOf(long[] data, long... shape) {
    return copyOf(data, DType.I64, shapeOr(data.length, shape), Device.cpu());
  }

  /** A copy of an array of unsigned bytes; without a shape, a vector. */
  public static Tensor copyOf(byte[] data, long... shape) {
    return copyOf(data, DType.U8, shapeOr(data.length, shape), Device.cpu());
  }

  /** A copy of an array; without a shape, a vector. */
  public static Tensor copyOf(boolean[] data, long... shape) {
    byte[] bytes = new byte[data.length];
    for (int i = 0; i < data.length; i++) {
      bytes[i] = (byte) (data[i] ? 1 : 0);
    }
    return copyOf(bytes, DType.BOOL, shapeOr(data.length, shape), Device.cpu());
  }

  /**
   * A copy of a Java array of the dtype's type ({@code byte[]} for u8 and bool, {@code short[]} for
   * the bits of f16 and bf16), on a device. A bool is 0 or 1.
   */
  public static Tensor copyOf(Object array, DType dtype, Shape shape, Device device) {
    checkArray("copyOf", array, dtype, shape);
    Tensor t = empty(shape, dtype, device);
    t.backend().upload(array, t.view());
    return t;
  }

  static void checkArray(String op, Object array, DType dtype, Shape shape) {
    if (array.getClass() != dtype.arrayType()) {
      throw new DTypeException(
          "%s: expected a %s for %s, got a %s"
              .formatted(
                  op, dtype.arrayType().getSimpleName(), dtype, array.getClass().getSimpleName()));
    }
    checkLength(op, Array.getLength(array), shape);
    if (dtype == DType.BOOL) {
      checkBooleans(op, (byte[]) array);
    }
  }

  /** Kernels count and combine bools as numbers. */
  private static void checkBooleans(String op, byte[] array) {
    for (byte b : array) {
      if ((b & ~1) != 0) {
        throw new DTypeException(
            "%s: expected bools of 0 or 1, got %s. Hint: copy them as u8, and compare with ne(0)"
                .formatted(op, b & 0xFF));
      }
    }
  }

  /**
   * A tensor over this very array, on the CPU: a change of one is a change of the other, and the
   * array must outlive the tensor.
   */
  public static Tensor wrap(float[] data, long... shape) {
    return wrap(data, DType.F32, shapeOr(data.length, shape));
  }

  /** A tensor over this very array, on the CPU. */
  public static Tensor wrap(double[] data, long... shape) {
    return wrap(data, DType.F64, shapeOr(data.length, shape));
  }

  private static Tensor wrap(Object array, DType dtype, Shape shape) {
    checkLength("wrap", Array.getLength(array), shape);
    Backend backend = Backends.get(Device.cpu());
    return over(Device.cpu(), backend.wrap(dtype, array), shape);
  }

  /** A tensor that takes over a count of a buffer. */
  static Tensor over(Device device, Buffer buffer, Shape shape) {
    return over(device, buffer, Layout.contiguous(shape));
  }

  private static Tensor over(Device device, Buffer buffer, Layout layout) {
    return new Tensor(device, new View(buffer, layout), null);
  }

  /** A scalar. */
  public static Tensor scalar(double value, DType dtype, Device device) {
    return full(Shape.of(), value, dtype, device);
  }

  /** Undefined elements: for ops that write all of them. */
  public static Tensor empty(Shape shape, DType dtype, Device device) {
    return empty(Layout.contiguous(shape), dtype, device);
  }

  /** Undefined elements that lie in this format. */
  public static Tensor empty(Shape shape, DType dtype, Device device, MemoryFormat format) {
    return empty(Layout.dense(shape, format), dtype, device);
  }

  private static Tensor empty(Layout layout, DType dtype, Device device) {
    Capture.check(device);
    Backend backend = Backends.get(device);
    return over(device, backend.allocate(dtype, layout.shape().numel()), layout);
  }

  public static Tensor full(Shape shape, double value, DType dtype, Device device) {
    return Pointwise.fill_(empty(shape, dtype, device), value);
  }

  public static Tensor zeros(long... shape) {
    return zeros(Shape.of(shape), DType.F32, Device.cpu());
  }

  public static Tensor zeros(Shape shape, DType dtype, Device device) {
    return full(shape, 0, dtype, device);
  }

  public static Tensor ones(long... shape) {
    return full(Shape.of(shape), 1, DType.F32, Device.cpu());
  }

  public static Tensor zerosLike(Tensor t) {
    return full(t.shape(), 0, t.dtype(), t.device());
  }

  public static Tensor onesLike(Tensor t) {
    return full(t.shape(), 1, t.dtype(), t.device());
  }

  /** The i64 vector 0 .. n − 1. */
  public static Tensor arange(int n) {
    long[] data = new long[n];
    Arrays.setAll(data, i -> i);
    return copyOf(data);
  }

  /** Uniform in [0, 1), from the global generator. */
  public static Tensor rand(long... shape) {
    return uniform(0, 1, Shape.of(shape), DType.F32, Device.cpu(), Generator.global());
  }

  /** Standard normal, from the global generator. */
  public static Tensor randn(long... shape) {
    return normal(0, 1, Shape.of(shape), DType.F32, Device.cpu(), Generator.global());
  }

  /** Uniform in [low, high); {@code high} itself only where the sum rounds to it. */
  public static Tensor uniform(
      double low, double high, Shape shape, DType dtype, Device device, Generator generator) {
    return Random.draw(RandomOp.UNIFORM, low, high, shape, dtype, device, generator);
  }

  public static Tensor normal(
      double mean, double std, Shape shape, DType dtype, Device device, Generator generator) {
    return Random.draw(RandomOp.NORMAL, mean, std, shape, dtype, device, generator);
  }

  // ---- what it is ----

  public Shape shape() {
    return view.shape();
  }

  /** The size of one dimension; -1 is the last. */
  public long size(int dim) {
    return shape().size(dim);
  }

  /** The number of dimensions. */
  public int rank() {
    return shape().rank();
  }

  /** The number of elements. */
  public long numel() {
    return shape().numel();
  }

  public DType dtype() {
    return view.dtype();
  }

  public Device device() {
    return device;
  }

  public Layout layout() {
    return view.layout();
  }

  public boolean isContiguous() {
    return view.layout().isContiguous();
  }

  public boolean isContiguous(MemoryFormat format) {
    return view.layout().isContiguous(format);
  }

  public boolean isClosed() {
    return closed;
  }

  // ---- reading ----

  /**
   * The elements in row-major order: a fresh {@code float[]}, {@code double[]}, {@code int[]},
   * {@code long[]}, {@code byte[]} for u8 and bool, or {@code short[]} for the bits of f16 and
   * bf16.
   */
  public Object toArray() {
    if (!isContiguous()) {
      try (Tensor dense = detach();
          Tensor copy = dense.contiguous()) {
        return copy.toArray();
      }
    }
    int n = shape().toInt("toArray", numel());
    Object array =
        switch (dtype()) {
          case F32 -> new float[n];
          case F64 -> new double[n];
          case F16, BF16 -> new short[n];
          case I32 -> new int[n];
          case I64 -> new long[n];
          case U8, BOOL -> new byte[n];
        };
    Backends.get(device).download(view(), array);
    return array;
  }

  /** The elements as floats, converted where needed. */
  public float[] toFloatArray() {
    return (float[]) arrayOf(DType.F32);
  }

  /** The elements as doubles, converted where needed. */
  public double[] toDoubleArray() {
    return (double[]) arrayOf(DType.F64);
  }

  /** The elements as ints, converted where needed. */
  public int[] toIntArray() {
    return (int[]) arrayOf(DType.I32);
  }

  /** The elements as longs, converted where needed. */
  public long[] toLongArray() {
    return (long[]) arrayOf(DType.I64);
  }

  private Object arrayOf(DType dtype) {
    if (dtype() == dtype) {
      return toArray();
    }
    try (Tensor plain = detach();
        Tensor converted = plain.to(dtype)) {
      return converted.toArray();
    }
  }

  /** The only element. */
  public double item() {
    if (numel() != 1) {
      throw new ShapeException(
          "item: expected one element, got shape %s. Hint: select one, reduce them (sum, mean), or take all with toFloatArray()"
              .formatted(shape()));
    }
    return toDoubleArray()[0];
  }

  // ---- autograd ----

  /** Whether backward reaches this tensor. */
  public boolean requiresGrad() {
    return node != null;
  }

  /** Makes this a leaf of graphs to come: backward adds its gradient to {@link #grad}. */
  public Tensor requiresGrad_() {
    return requiresGrad_(true);
  }

  /** Makes this a leaf, or with false takes it out of graphs to come (freezing a parameter). */
  public Tensor requiresGrad_(boolean required) {
    view(); // not on a closed tensor
    if (required && !dtype().isFloating()) {
      throw new DTypeException("requiresGrad_: expected f32 or f64, got " + dtype());
    }
    if (node != null && !(node instanceof Leaf)) {
      throw new AutogradException(
          "requiresGrad_: a result of '%s' follows its inputs. Hint: detach() it first"
              .formatted(node.op()));
    }
    if (required && node == null) {
      attach(new Leaf(shape()));
    } else if (!required && node != null) {
      node.release();
      node = null;
    }
    return this;
  }

  /** Whether this is not the result of a recorded op. */
  public boolean isLeaf() {
    return node == null || node instanceof Leaf;
  }

  /**
   * A leaf's gradient, summed over the backward calls since it was last zeroed; null before the
   * first. The leaf owns it.
   */
  public @Nullable Tensor grad() {
    return node instanceof Leaf leaf ? leaf.grad() : null;
  }

  /** Drops a leaf's gradient. */
  public void zeroGrad() {
    setGrad(null);
  }

  /** Replaces a leaf's gradient and takes ownership of the handle; null drops it. */
  public void setGrad(@Nullable Tensor grad) {
    view(); // not on a closed tensor
    if (node instanceof Leaf leaf) {
      leaf.setGrad(grad);
    } else if (grad != null) {
      throw new AutogradException(
          "setGrad: only a leaf holds a gradient. Hint: requiresGrad_() first");
    }
  }

  /** The gradients of this scalar, added to every leaf's {@link #grad}. Frees the graph. */
  public void backward() {
    backward(null, false, false);
  }

  /** As {@link #backward()}; {@code retainGraph} keeps the graph for another backward. */
  public void backward(boolean retainGraph) {
    backward(null, retainGraph, false);
  }

  /**
   * The gradients of this tensor, weighted with {@code gradient}.
   *
   * @param gradient the gradient for this tensor, of its shape; null means 1 for a scalar
   * @param retainGraph keep the graph for another backward
   * @param createGraph record the gradients themselves, for gradients of gradients. A leaf's grad
   *     then holds the graph, which holds the leaf: {@link #zeroGrad} afterwards, or use {@link
   *     Autograd#grad}, or closing the leaf frees neither
   */
  public void backward(@Nullable Tensor gradient, boolean retainGraph, boolean createGraph) {
    view(); // a closed tensor has no graph any more
    Autograd.backward(this, gradient, retainGraph, createGraph);
  }

  /**
   * Adds a function that sees, and may replace (by returning another), this tensor's complete
   * gradient during backward.
   */
  public Node.Hook registerHook(Function<Tensor, @Nullable Tensor> hook) {
    if (node == null) {
      throw new AutogradException(
          "registerHook: this tensor has no gradient. Hint: requiresGrad_() first");
    }
    return node.addHook(hook);
  }

  /** The same elements outside the graph. */
  public Tensor detach() {
    return Shaping.detach(this);
  }

  // ---- for ops and modules ----

  /** A fresh handle on a result; the caller's count of the buffer becomes the handle's. */
  public static Tensor of(Backend backend, View view, @Nullable Node node) {
    return new Tensor(backend.device(), view, node);
  }

  /** Another handle on the same elements at the same place in the graph. */
  public Tensor alias() {
    return sharing(layout(), node);
  }

  /**
   * A handle on the same buffer through another layout, outside the graph until an op records it.
   */
  public Tensor viewed(Layout other) {
    return sharing(other, null);
  }

  private Tensor sharing(Layout other, @Nullable Node place) {
    Buffer shared = view().buffer();
    shared.retain();
    return new Tensor(device, new View(shared, other), place);
  }

  /**
   * What a kernel sees. Throws {@link ClosedException} on a closed tensor: the one place where that
   * is checked.
   */
  public View view() {
    if (closed) {
      throw new ClosedException(
          "tensor %s %s: used after it was closed%s"
              .formatted(
                  dtype(),
                  shape(),
                  owner == null
                      ? ""
                      : " by scope '%s'. Hint: scope.keep(tensor)".formatted(owner)));
    }
    return view;
  }

  /** That of its device, or what looks on at it. */
  public Backend backend() {
    Capture.check(device);
    return Backends.get(device);
  }

  public Buffer buffer() {
    return view().buffer();
  }

  /** This tensor's place in the graph, or null. */
  public @Nullable Node node() {
    return node;
  }

  /** Gives a fresh result its place in the graph. */
  public void attach(Node place) {
    if (node != null) {
      throw new IllegalStateException("a tensor has one place in the graph");
    }
    place.retain();
    node = place;
  }

  /**
   * Replaces the elements by {@code other}'s, of the same shape, possibly on another device: how a
   * module moves its parameters. The gradient is dropped.
   */
  public void setData(Tensor other) {
    if (!other.shape().equals(shape()) || !isLeaf()) {
      throw new ShapeException(
          "setData: expected a leaf and data of its shape %s, got %s"
              .formatted(shape(), other.shape()));
    }
    View fresh = other.view();
    View old = view();
    fresh.buffer().retain();
    zeroGrad();
    device = other.device;
    view = fresh;
    old.buffer().release();
  }

  /** Gives back this handle's count of the buffer. Closing twice does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      owner = null;
      view.buffer().release();
      if (node != null) {
        node.release();
        node = null;
      }
    }
  }

  // ---- elementwise: one operand ----

  /** −x. */
  public Tensor neg() {
    return Pointwise.unary(UnaryOp.NEG, this, 0, 0);
  }

  /** |x|. */
  public Tensor abs() {
    return Pointwise.unary(UnaryOp.ABS, this, 0, 0);
  }

  /** −1, 0 or 1. */
  public Tensor sign() {
    return Pointwise.unary(UnaryOp.SIGN, this, 0, 0);
  }

  /** 1 / x. */
  public Tensor reciprocal() {
    return Pointwise.unary(UnaryOp.RECIPROCAL, this, 0, 0);
  }

  /** x². */
  public Tensor square() {
    return Pointwise.unary(UnaryOp.SQUARE, this, 0, 0);
  }

  /** √x. */
  public Tensor sqrt() {
    return Pointwise.unary(UnaryOp.SQRT, this, 0, 0);
  }

  /** 1 / √x. */
  public Tensor rsqrt() {
    return Pointwise.unary(UnaryOp.RSQRT, this, 0, 0);
  }

  /** e^x. */
  public Tensor exp() {
    return Pointwise.unary(UnaryOp.EXP, this, 0, 0);
  }

  /** The natural logarithm. */
  public Tensor log() {
    return Pointwise.unary(UnaryOp.LOG, this, 0, 0);
  }

  public Tensor sin() {
    return Pointwise.unary(UnaryOp.SIN, this, 0, 0);
  }

  public Tensor cos() {
    return Pointwise.unary(UnaryOp.COS, this, 0, 0);
  }

  public Tensor tanh() {
    return Pointwise.unary(UnaryOp.TANH, this, 0, 0);
  }

  /** 1 / (1 + e^−x). */
  public Tensor sigmoid() {
    return Pointwise.unary(UnaryOp.SIGMOID, this, 0, 0);
  }

  /** max(x, 0). */
  public Tensor relu() {
    return Pointwise.unary(UnaryOp.RELU, this, 0, 0);
  }

  /** x·σ(x) (Elfwing et al., 2017), also called swish. */
  public Tensor silu() {
    return Pointwise.silu(this);
  }

  public Tensor floor() {
    return Pointwise.unary(UnaryOp.FLOOR, this, 0, 0);
  }

  public Tensor ceil() {
    return Pointwise.unary(UnaryOp.CEIL, this, 0, 0);
  }

  /** To the nearest integer, ties to even. */
  public Tensor round() {
    return Pointwise.unary(UnaryOp.ROUND, this, 0, 0);
  }

  /** Not, of bool. */
  public Tensor logicalNot() {
    return Pointwise.unary(UnaryOp.NOT, this, 0, 0);
  }

  /** x where x > 0, else slope·x. */
  public Tensor leakyRelu(double slope) {
    return Pointwise.unary(UnaryOp.LEAKY_RELU, this, slope, 0);
  }

  /** x where x > 0, else alpha·(e^x − 1). */
  public Tensor elu(double alpha) {
    return Pointwise.unary(UnaryOp.ELU, this, alpha, 0);
  }

  /** x^exponent. */
  public Tensor pow(double exponent) {
    return Pointwise.unary(UnaryOp.POW, this, exponent, 0);
  }

  /** min(max(x, min), max). */
  public Tensor clamp(double min, double max) {
    return Pointwise.unary(UnaryOp.CLAMP, this, min, max);
  }

  /** max(x, min). */
  public Tensor clampMin(double min) {
    return clamp(min, Double.POSITIVE_INFINITY);
  }

  /** min(x, max). */
  public Tensor clampMax(double max) {
    return clamp(Double.NEGATIVE_INFINITY, max);
  }

  // ---- elementwise: two operands, broadcast ----

  public Tensor add(Tensor other) {
    return Pointwise.binary(BinaryOp.ADD, this, other);
  }

  public Tensor add(double other) {
    return add(number("add", other));
  }

  public Tensor sub(Tensor other) {
    return Pointwise.binary(BinaryOp.SUB, this, other);
  }

  public Tensor sub(double other) {
    return sub(number("sub", other));
  }

  public Tensor mul(Tensor other) {
    return Pointwise.binary(BinaryOp.MUL, this, other);
  }

  public Tensor mul(double other) {
    return mul(number("mul", other));
  }

  public Tensor div(Tensor other) {
    return Pointwise.binary(BinaryOp.DIV, this, other);
  }

  public Tensor div(double other) {
    return div(number("div", other));
  }

  public Tensor pow(Tensor other) {
    return Pointwise.binary(BinaryOp.POW, this, other);
  }

  public Tensor maximum(Tensor other) {
    return Pointwise.binary(BinaryOp.MAX, this, other);
  }

  public Tensor minimum(Tensor other) {
    return Pointwise.binary(BinaryOp.MIN, this, other);
  }

  public Tensor eq(Tensor other) {
    return Pointwise.binary(BinaryOp.EQ, this, other);
  }

  public Tensor eq(double other) {
    return eq(number("eq", other));
  }

  public Tensor ne(Tensor other) {
    return Pointwise.binary(BinaryOp.NE, this, other);
  }

  public Tensor ne(double other) {
    return ne(number("ne", other));
  }

  public Tensor lt(Tensor other) {
    return Pointwise.binary(BinaryOp.LT, this, other);
  }

  public Tensor lt(double other) {
    return lt(number("lt", other));
  }

  public Tensor le(Tensor other) {
    return Pointwise.binary(BinaryOp.LE, this, other);
  }

  public Tensor le(double other) {
    return le(number("le", other));
  }

  public Tensor gt(Tensor other) {
    return Pointwise.binary(BinaryOp.GT, this, other);
  }

  public Tensor gt(double other) {
    return gt(number("gt", other));
  }

  public Tensor ge(Tensor other) {
    return Pointwise.binary(BinaryOp.GE, this, other);
  }

  public Tensor ge(double other) {
    return ge(number("ge", other));
  }

  public Tensor logicalAnd(Tensor other) {
    return Pointwise.binary(BinaryOp.AND, this, other);
  }

  public Tensor logicalOr(Tensor other) {
    return Pointwise.binary(BinaryOp.OR, this, other);
  }

  public Tensor logicalXor(Tensor other) {
    return Pointwise.binary(BinaryOp.XOR, this, other);
  }

  /** A Java number takes this tensor's dtype, which must have it, and device. */
  private Tensor number(String op, double value) {
    if (!dtype().holds(value)) {
      throw new DTypeException(
          "%s: expected a number that %s can hold, got %s. Hint: convert the tensor with to(DType.F32)"
              .formatted(op, dtype(), value));
    }
    return scalar(value, dtype(), device());
  }

  /** condition ? a : b, elementwise and broadcast. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return Pointwise.where(condition, a, b);
  }

  // ---- in place, on tensors outside the graph ----

  public Tensor add_(Tensor other) {
    return Pointwise.binary_(BinaryOp.ADD, this, other);
  }

  public Tensor add_(double other) {
    return add_(number("add_", other));
  }

  public Tensor sub_(Tensor other) {
    return Pointwise.binary_(BinaryOp.SUB, this, other);
  }

  public Tensor sub_(double other) {
    return sub_(number("sub_", other));
  }

  public Tensor mul_(Tensor other) {
    return Pointwise.binary_(BinaryOp.MUL, this, other);
  }

  public Tensor mul_(double other) {
    return mul_(number("mul_", other));
  }

  public Tensor div_(Tensor other) {
    return Pointwise.binary_(BinaryOp.DIV, this, other);
  }

  public Tensor div_(double other) {
    return div_(number("div_", other));
  }

  public Tensor fill_(double value) {
    return Pointwise.fill_(this, value);
  }

  public Tensor zero_() {
    return Pointwise.fill_(this, 0);
  }

  /** Takes over another tensor's elements, converted and broadcast. */
  public Tensor copy_(Tensor other) {
    return Pointwise.copy_(this, other);
  }

  // ---- reductions; no dims means all ----

  public Tensor sum(int... dims) {
    return Reduce.sum(this, false, dims);
  }

  public Tensor sum(boolean keepDim, int... dims) {
    return Reduce.sum(this, keepDim, dims);
  }

  public Tensor mean(int... dims) {
    return Reduce.mean(this, false, dims);
  }

  public Tensor mean(boolean keepDim, int... dims) {
    return Reduce.mean(this, keepDim, dims);
  }

  /** Elements that tie share the gradient. */
  public Tensor max(int... dims) {
    return Reduce.extreme(ReduceOp.MAX, this, false, dims);
  }

  public Tensor max(boolean keepDim, int... dims) {
    return Reduce.extreme(ReduceOp.MAX, this, keepDim, dims);
  }

  /** Elements that tie share the gradient. */
  public Tensor min(int... dims) {
    return Reduce.extreme(ReduceOp.MIN, this, false, dims);
  }

  public Tensor min(boolean keepDim, int... dims) {
    return Reduce.extreme(ReduceOp.MIN, this, keepDim, dims);
  }

  /** Where, along {@code dim}, as i64; the first of equals. */
  public Tensor argmax(int dim) {
    return Reduce.argExtreme(ReduceOp.MAX, this, dim, false);
  }

  /** Where in the flattened tensor, as an i64 scalar. */
  public Tensor argmax() {
    return reshape(-1).argmax(0);
  }

  /** Where, along {@code dim}, as i64; the first of equals. */
  public Tensor argmin(int dim) {
    return Reduce.argExtreme(ReduceOp.MIN, this, dim, false);
  }

  /** Where in the flattened tensor, as an i64 scalar. */
  public Tensor argmin() {
    return reshape(-1).argmin(0);
  }

  /** The unbiased variance. */
  public Tensor var(int... dims) {
    return Reduce.var(this, 1, false, dims);
  }

  /** Σ(x − x̄)² / (count − correction). */
  public Tensor var(int correction, boolean keepDim, int... dims) {
    return Reduce.var(this, correction, keepDim, dims);
  }

  /** ln Σ e^x, without overflow. */
  public Tensor logSumExp(int... dims) {
    return Reduce.logSumExp(this, false, dims);
  }

  public Tensor logSumExp(boolean keepDim, int... dims) {
    return Reduce.logSumExp(this, keepDim, dims);
  }

  // ---- shape ----

  /** A view where the layout allows, else a copy. One size may be -1. */
  public Tensor reshape(long... sizes) {
    return Shaping.reshape(this, sizes);
  }

  public Tensor reshape(Shape shape) {
    return Shaping.reshape(this, shape.sizes());
  }

  /** Dimensions from {@code startDim} on become one. */
  public Tensor flatten(int startDim) {
    int d = shape().dim("flatten", startDim);
    long[] sizes = Arrays.copyOf(shape().sizes(), d + 1);
    sizes[d] = 1;
    for (int i = d; i < rank(); i++) {
      sizes[d] *= size(i);
    }
    return reshape(sizes);
  }

  /** Two dimensions exchanged; a view. */
  public Tensor transpose(int dim0, int dim1) {
    return Shaping.transpose(this, dim0, dim1);
  }

  /** A matrix transposed; a view. */
  public Tensor t() {
    if (rank() != 2) {
      throw new ShapeException(
          "t: expected a matrix, got shape %s. Hint: transpose(dim0, dim1)".formatted(shape()));
    }
    return transpose(0, 1);
  }

  /** The dimensions in another order; a view. */
  public Tensor permute(int... dims) {
    return Shaping.permute(this, dims);
  }

  /** Without a dimension of size 1; a view. */
  public Tensor squeeze(int dim) {
    return Shaping.squeeze(this, dim);
  }

  /** With a dimension of size 1 before {@code dim}; a view. */
  public Tensor unsqueeze(int dim) {
    return Shaping.unsqueeze(this, dim);
  }

  /** Dimensions of size 1 repeated, without a copy. */
  public Tensor expand(long... sizes) {
    return expand(Shape.of(sizes));
  }

  public Tensor expand(Shape shape) {
    return Shaping.expand(this, shape);
  }

  /** Elements start .. end − 1 of one dimension; negative bounds count from the end; a view. */
  public Tensor slice(int dim, long start, long end) {
    return slice(dim, start, end, 1);
  }

  /** Every step-th element from start, below end; a view. */
  public Tensor slice(int dim, long start, long end, long step) {
    return Shaping.slice(this, dim, start, end, step);
  }

  /** One index of a dimension, which goes; a view. */
  public Tensor select(int dim, long index) {
    return Shaping.select(this, dim, index);
  }

  /** This tensor where it is row-major and dense, else a copy that is. */
  public Tensor contiguous() {
    return Shaping.contiguous(this);
  }

  /**
   * This tensor where it is dense in that format, else a copy that is. On a backend that computes
   * in {@link MemoryFormat#CHANNELS_LAST} (CUDA), ops on images keep it: a network is run so by
   * giving it images that are. Elsewhere results are row-major again.
   */
  public Tensor contiguous(MemoryFormat format) {
    return Shaping.contiguous(this, format);
  }

  /** A fresh contiguous tensor with the same elements. */
  public Tensor copy() {
    return Shaping.copy(this);
  }

  /** Converted; this tensor where the dtype is already so. */
  public Tensor to(DType dtype) {
    return Shaping.to(this, dtype);
  }

  /** Moved; this tensor where it is already there. */
  public Tensor to(Device device) {
    return Shaping.to(this, device);
  }

  /** Tensors one behind the other along {@code dim}. */
  public static Tensor cat(List<Tensor> parts, int dim) {
    return Shaping.cat(parts, dim);
  }

  /** Tensors of one shape along a new dimension. */
  public static Tensor stack(List<Tensor> parts, int dim) {
    return Shaping.stack(parts, dim);
  }

  /** Pieces of {@code size} along {@code dim}, the last possibly smaller; views. */
  public List<Tensor> split(long size, int dim) {
    return Shaping.split(this, size, dim);
  }

  // ---- indexing ----

  /** y[.., i, ..] = this[.., index[.., i, ..], ..]. */
  public Tensor gather(int dim, Tensor index) {
    return Index.gather(this, dim, index);
  }

  /** This plus source's elements, each at its index. */
  public Tensor scatterAdd(int dim, Tensor index, Tensor source) {
    return Index.scatterAdd(this, dim, index, source);
  }

  /** The slices at a vector of indices. */
  public Tensor indexSelect(int dim, Tensor index) {
    return Index.indexSelect(this, dim, index);
  }

  // ---- products, convolution, pooling ----

  /** [.., m, k] · [.., k, n], vectors and batches as in NumPy. */
  public Tensor matmul(Tensor other) {
    return MatMul.matmul(this, other);
  }

  /** this·wᵀ + bias, with w [out, in]. */
  public Tensor linear(Tensor w, @Nullable Tensor bias) {
    return linear(w, bias, Activation.NONE);
  }

  /** The same with an activation on top, in one op. */
  public Tensor linear(Tensor w, @Nullable Tensor bias, Activation activation) {
    return MatMul.linear(this, w, bias, activation);
  }

  /**
   * [n, ic, ih, iw] ⋆ [oc, ic/groups, kh, kw] + [oc] → [n, oc, oh, ow]; with {@code
   * options.activation(RELU)} max(0, that), in one op.
   */
  public Tensor conv2d(Tensor w, @Nullable Tensor bias, Conv2dOptions options) {
    return Conv.conv2d(this, w, bias, options);
  }

  public Tensor maxPool2d(Pool2dOptions options) {
    return Pool.maxPool2d(this, options);
  }

  public Tensor avgPool2d(Pool2dOptions options) {
    return Pool.avgPool2d(this, options);
  }

  /** Averages of oh x ow windows that cover the image. */
  public Tensor adaptiveAvgPool2d(int oh, int ow) {
    return Pool.adaptiveAvgPool2d(this, oh, ow);
  }

  /** Maxima of oh x ow windows that cover the image. */
  public Tensor adaptiveMaxPool2d(int oh, int ow) {
    return Pool.adaptiveMaxPool2d(this, oh, ow);
  }

  /** A border around the last two dimensions. */
  public Tensor pad(Padding.Explicit padding, PaddingMode mode) {
    return Pad.pad(this, padding, mode, 0);
  }

  /** A border of {@code value}. */
  public Tensor pad(Padding.Explicit padding, double value) {
    return Pad.pad(this, padding, PaddingMode.ZEROS, value);
  }

  // ---- normalisation, losses, dropout ----

  public Tensor softmax(int dim) {
    return Softmax.softmax(this, dim);
  }

  public Tensor logSoftmax(int dim) {
    return Softmax.logSoftmax(this, dim);
  }

  /** The mean cross-entropy of scores [n, classes] against targets [n]. */
  public Tensor crossEntropy(Tensor target) {
    return crossEntropy(target, CrossEntropyOptions.DEFAULT);
  }

  public Tensor crossEntropy(Tensor target, CrossEntropyOptions options) {
    return CrossEntropy.crossEntropy(this, target, options);
  }

  /**
   * Batch norm with the batch's own statistics; moves the running ones, where given. See {@link
   * Norm#batchNormTraining}.
   */
  public Tensor batchNormTraining(
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      double momentum,
      double eps) {
    return batchNormTraining(weight, bias, runningMean, runningVar, momentum, eps, Activation.NONE);
  }

  /** The same with an activation on top, in one op. */
  public Tensor batchNormTraining(
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      double momentum,
      double eps,
      Activation activation) {
    return Norm.batchNormTraining(
        this, weight, bias, runningMean, runningVar, momentum, eps, activation);
  }

  /** Batch norm with given statistics. See {@link Norm#batchNormInference}. */
  public Tensor batchNormInference(
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      Tensor runningMean,
      Tensor runningVar,
      double eps) {
    return batchNormInference(weight, bias, runningMean, runningVar, eps, Activation.NONE);
  }

  /** The same with an activation on top, in one op. */
  public Tensor batchNormInference(
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      Tensor runningMean,
      Tensor runningVar,
      double eps,
      Activation activation) {
    return Norm.batchNormInference(this, weight, bias, runningMean, runningVar, eps, activation);
  }

  /** Each element zeroed with probability p, the others scaled by 1 / (1 − p). */
  public Tensor dropout(double p, Generator generator) {
    return Random.dropout(this, p, generator);
  }

  private static Shape shapeOr(int length, long... shape) {
    return shape.length == 0 ? Shape.of(length) : Shape.of(shape);
  }

  private static void checkLength(String op, int length, Shape shape) {
    if (length != shape.numel()) {
      throw new ShapeException(
          "%s: expected an array of %s elements for shape %s, got %s. Hint: without a shape it becomes a vector"
              .formatted(op, shape.numel(), shape, length));
    }
  }

  /** As PyTorch prints it, with every element of a small tensor and the edges of a large one. */
  @Override
  public String toString() {
    return closed ? "tensor(closed, %s %s)".formatted(dtype(), shape()) : TensorPrinter.print(this);
  }
}
