package dev.crema.cuda.cudnn;

/** What a convolution computes, and what cuDNN calls it. */
public enum Direction {
  /** y of x and w. */
  FORWARD("Forward"),
  /** The gradient for x, of gy and w. */
  BACKWARD_INPUT("BackwardData"),
  /** The gradient for w, of x and gy. */
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
