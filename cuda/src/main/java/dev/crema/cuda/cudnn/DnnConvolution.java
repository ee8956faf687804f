package dev.crema.cuda.cudnn;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cuda.Precision;
import dev.crema.cuda.cudnn.Algorithms.Algorithm;
import dev.crema.cuda.driver.Address;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.cuda.driver.Scalars;
import dev.crema.tensor.Activation;
import dev.crema.tensor.DType;
import dev.crema.tensor.MemoryFormat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorFormat;

/**
 * One convolution as cuDNN knows it: its descriptors, and the algorithms for each direction, found
 * when first asked for. The padding is that of the plan's upper left, on all sides.
 */
final class DnnConvolution implements AutoCloseable {
  final Dnn dnn;
  final Handles.Tensor x = new Handles.Tensor();
  final Handles.Filter w = new Handles.Filter();
  final Handles.Tensor y = new Handles.Tensor();
  final Handles.Convolution convolution = new Handles.Convolution();
  private final DType dtype;
  private final Map<Direction, Algorithms> algorithms = new EnumMap<>(Direction.class);
  private final Map<Activation, DnnFused> fused = new EnumMap<>(Activation.class);
  private final Deque<Runnable> destroy = new ArrayDeque<>();

  DnnConvolution(Dnn dnn, Conv2dPlan p, Precision precision) {
    this.dnn = dnn;
    this.dtype = p.dtype();
    try {
      create();
      describe(p, precision);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void create() {
    dnn.call("cudnnCreateTensorDescriptor", () -> JCudnn.cudnnCreateTensorDescriptor(x));
    destroy.push(() -> JCudnn.cudnnDestroyTensorDescriptor(x));
    dnn.call("cudnnCreateFilterDescriptor", () -> JCudnn.cudnnCreateFilterDescriptor(w));
    destroy.push(() -> JCudnn.cudnnDestroyFilterDescriptor(w));
    dnn.call("cudnnCreateTensorDescriptor", () -> JCudnn.cudnnCreateTensorDescriptor(y));
    destroy.push(() -> JCudnn.cudnnDestroyTensorDescriptor(y));
    dnn.call(
        "cudnnCreateConvolutionDescriptor",
        () -> JCudnn.cudnnCreateConvolutionDescriptor(convolution));
    destroy.push(() -> JCudnn.cudnnDestroyConvolutionDescriptor(convolution));
  }

  /** cuDNN's name for a format. */
  static int format(MemoryFormat format) {
    return switch (format) {
      case CONTIGUOUS -> cudnnTensorFormat.CUDNN_TENSOR_NCHW;
      case CHANNELS_LAST -> cudnnTensorFormat.CUDNN_TENSOR_NHWC;
    };
  }

  /** cuDNN's name for a dtype. */
  static int type(DType dtype) {
    return switch (dtype) {
      case F64 -> cudnnDataType.CUDNN_DATA_DOUBLE;
      case F16 -> cudnnDataType.CUDNN_DATA_HALF;
      case BF16 -> cudnnDataType.CUDNN_DATA_BFLOAT16;
      default -> cudnnDataType.CUDNN_DATA_FLOAT;
    };
  }

  private void describe(Conv2dPlan p, Precision precision) {
    int type = type(p.dtype());
    int format = format(p.format());
    dnn.call(
        "cudnnSetTensor4dDescriptor",
        () -> JCudnn.cudnnSetTensor4dDescriptor(x, format, type, p.n(), p.ic(), p.ih(), p.iw()));
    dnn.call(
        "cudnnSetFilter4dDescriptor",
        () ->
            JCudnn.cudnnSetFilter4dDescriptor(
                w, type, format, p.oc(), p.icPerGroup(), p.kh(), p.kw()));
    dnn.call(
        "cudnnSetTensor4dDescriptor",
        () -> JCudnn.cudnnSetTensor4dDescriptor(y, format, type, p.n(), p.oc(), p.oh(), p.ow()));
    dnn.call(
        "cudnnSetConvolution2dDescriptor",
        () ->
            JCudnn.cudnnSetConvolution2dDescriptor(
                convolution,
                p.pt(),
                p.pl(),
                p.sh(),
                p.sw(),
                p.dh(),
                p.dw(),
                cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
                type(p.dtype().wide())));
    dnn.call(
        "cudnnSetConvolutionGroupCount",
        () -> JCudnn.cudnnSetConvolutionGroupCount(convolution, p.groups()));
    // The default math rounds f32 to TF32 where there are tensor cores; f16 and bf16 need it to use
    // them.
    int math =
        precision == Precision.TF32 || p.dtype().isHalf()
            ? cudnnMathType.CUDNN_DEFAULT_MATH
            : cudnnMathType.CUDNN_FMA_MATH;
    dnn.call(
        "cudnnSetConvolutionMathType", () -> JCudnn.cudnnSetConvolutionMathType(convolution, math));
  }

  /** The algorithms for a direction. */
  Algorithms algorithms(Direction direction) {
    return algorithms.computeIfAbsent(direction, wanted -> new Algorithms(this, wanted));
  }

  /** This with its bias and that activation in one call. */
  DnnFused fused(Conv2dPlan plan, Activation activation) {
    DnnFused known = fused.get(activation);
    if (known == null) {
      known = new DnnFused(this, plan, activation);
      fused.put(activation, known);
      destroy.push(known::close);
    }
    return known;
  }

  /**
   * Computes one direction, by the best algorithm that runs; some say only then that they do not
   * support what is asked. False where none does.
   *
   * @param from the two operands' addresses: x and w, or gy and w, or x and gy
   * @param to the result's
   */
  boolean run(Direction direction, long[] from, long to) {
    Algorithms choice = algorithms(direction);
    for (Algorithm best = choice.best(); best != null; best = choice.best()) {
      if (run(direction, best, from, to)) {
        return true;
      }
      choice.drop();
    }
    return false;
  }

  /** Whether this algorithm did it. */
  boolean run(Direction direction, Algorithm algorithm, long[] from, long to) {
    Pointer one = Scalars.one(dtype);
    Pointer zero = Scalars.zero(dtype);
    Pointer a = new Address(from[0]);
    Pointer b = new Address(from[1]);
    Pointer c = new Address(to);
    long room = algorithm.workspace();
    try (CudaMemory memory = dnn.device.allocate(room)) {
      Pointer space = new Address(memory.address());
      boolean ran =
          dnn.supports(
              direction.call,
              () ->
                  switch (direction) {
                    case FORWARD ->
                        JCudnn.cudnnConvolutionForward(
                            dnn.handle,
                            one,
                            x,
                            a,
                            w,
                            b,
                            convolution,
                            algorithm.number(),
                            space,
                            room,
                            zero,
                            y,
                            c);
                    case BACKWARD_INPUT ->
                        JCudnn.cudnnConvolutionBackwardData(
                            dnn.handle,
                            one,
                            w,
                            b,
                            y,
                            a,
                            convolution,
                            algorithm.number(),
                            space,
                            room,
                            zero,
                            x,
                            c);
                    case BACKWARD_WEIGHT ->
                        JCudnn.cudnnConvolutionBackwardFilter(
                            dnn.handle,
                            one,
                            x,
                            a,
                            y,
                            b,
                            convolution,
                            algorithm.number(),
                            space,
                            room,
                            zero,
                            w,
                            c);
                  });
      if (ran) {
        dnn.device.launched(direction.call);
      }
      return ran;
    }
  }

  @Override
  public void close() {
    destroy.forEach(Runnable::run);
    destroy.clear();
  }
}
