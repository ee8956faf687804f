package dev.crema.cuda.cudnn;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cuda.cudnn.Algorithms.Algorithm;
import dev.crema.cuda.driver.Address;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.cuda.driver.Scalars;
import dev.crema.tensor.Activation;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnActivationMode;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnNanPropagation;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * A convolution with its bias and activation in one call, which saves a launch and a pass over the
 * result. cuDNN may refuse; then it is not asked again.
 */
final class DnnFused implements AutoCloseable {
  private static final String CALL = "cudnnConvolutionBiasActivationForward";

  private final DnnConvolution convolution;
  private final Conv2dPlan plan;
  private final cudnnTensorDescriptor bias = new cudnnTensorDescriptor();
  private final cudnnActivationDescriptor activation = new cudnnActivationDescriptor();
  private final Deque<Runnable> destroy = new ArrayDeque<>();
  private boolean refused;

  DnnFused(DnnConvolution convolution, Conv2dPlan plan, Activation activation) {
    this.convolution = convolution;
    this.plan = plan;
    try {
      describe(convolution.dnn, activation);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void describe(Dnn dnn, Activation wanted) {
    dnn.call("cudnnCreateTensorDescriptor", () -> JCudnn.cudnnCreateTensorDescriptor(bias));
    destroy.push(() -> JCudnn.cudnnDestroyTensorDescriptor(bias));
    dnn.call(
        "cudnnCreateActivationDescriptor",
        () -> JCudnn.cudnnCreateActivationDescriptor(activation));
    destroy.push(() -> JCudnn.cudnnDestroyActivationDescriptor(activation));
    int type = DnnConvolution.type(plan.dtype());
    int format = DnnConvolution.format(plan.format());
    dnn.call(
        "cudnnSetTensor4dDescriptor",
        () -> JCudnn.cudnnSetTensor4dDescriptor(bias, format, type, 1, plan.oc(), 1, 1));
    int mode =
        switch (wanted) {
          case NONE -> cudnnActivationMode.CUDNN_ACTIVATION_IDENTITY;
          case RELU -> cudnnActivationMode.CUDNN_ACTIVATION_RELU;
        };
    dnn.call(
        "cudnnSetActivationDescriptor",
        () ->
            JCudnn.cudnnSetActivationDescriptor(
                activation, mode, cudnnNanPropagation.CUDNN_PROPAGATE_NAN, 0));
  }

  /** Whether cuDNN can be expected to: without an activation, one algorithm alone has a bias. */
  static boolean mayRun(Algorithm algorithm, Activation activation) {
    return activation != Activation.NONE
        || algorithm.number()
            == cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
  }

  /** y = activation(x ⋆ w + b), of these addresses; whether cuDNN did it. */
  boolean run(Algorithm algorithm, long x, long w, long b, long y) {
    if (refused) {
      return false;
    }
    Dnn dnn = convolution.dnn;
    long room = algorithm.workspace();
    try (CudaMemory space = dnn.device.allocate(room)) {
      refused =
          !dnn.supports(
              CALL,
              () ->
                  JCudnn.cudnnConvolutionBiasActivationForward(
                      dnn.handle,
                      Scalars.one(plan.dtype()),
                      convolution.x,
                      new Address(x),
                      convolution.w,
                      new Address(w),
                      convolution.convolution,
                      algorithm.number(),
                      new Address(space.address()),
                      room,
                      Scalars.zero(plan.dtype()), // of what could be added, which must be named
                      convolution.y,
                      new Address(y),
                      bias,
                      new Address(b),
                      activation,
                      convolution.y,
                      new Address(y)));
      if (!refused) {
        dnn.device.launched(CALL);
      }
    }
    return !refused;
  }

  @Override
  public void close() {
    destroy.forEach(Runnable::run);
    destroy.clear();
  }
}
