package dev.crema.cuda.cudnn;

/** What a convolution computes, and what cuDNN calls it. */
enum Direction {
  FORWARD("Forward"),
  BACKWARD_INPUT("BackwardData"),
  BACKWARD_WEIGHT("BackwardFilter");

  /** As in the names of cuDNN's calls. */
  final String title;

  /** The call that computes it. */
  final String call;

  Direction(String title) {
    this.title = title;
    this.call = "cudnnConvolution" + title;
  }
}
