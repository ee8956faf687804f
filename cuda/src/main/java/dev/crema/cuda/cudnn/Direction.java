package dev.crema.cuda.cudnn;

/** What a convolution computes, and what cuDNN calls it. */
enum Direction {
  FORWARD("cudnnConvolutionForward"),
  BACKWARD_INPUT("cudnnConvolutionBackwardData"),
  BACKWARD_WEIGHT("cudnnConvolutionBackwardFilter");

  final String call;

  Direction(String call) {
    this.call = call;
  }
}
