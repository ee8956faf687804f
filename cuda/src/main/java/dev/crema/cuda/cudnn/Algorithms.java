package dev.crema.cuda.cudnn;

import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.jcudnn.JCudnn;
import org.jspecify.annotations.Nullable;

/**
 * cuDNN's algorithms for one direction of a convolution, the best first: of those that give the
 * same bits every time, the ones that want at most a gigabyte of workspace. One that turns out not
 * to run is passed over for good.
 */
final class Algorithms {
  private static final long LARGEST_WORKSPACE = 1L << 30;

  /**
   * An algorithm.
   *
   * @param number cuDNN's
   * @param workspace in bytes
   */
  record Algorithm(int number, long workspace) {}

  private final DnnConvolution c;
  private final Direction direction;
  private final Deque<Integer> left;
  private @Nullable Algorithm best;

  /** All that cuDNN names. */
  Algorithms(DnnConvolution c, Direction direction) {
    this.c = c;
    this.direction = direction;
    this.left = new ArrayDeque<>(Search.deterministic(c, direction));
  }

  /** The best that is left, or null when none is. */
  @Nullable Algorithm best() {
    while (best == null && !left.isEmpty()) {
      best = sized(left.element());
      if (best == null) {
        left.remove();
      }
    }
    return best;
  }

  /** Passes over the best. */
  void drop() {
    best = null;
    left.remove();
  }

  /** With its workspace; null where it is not supported, or wants too much. */
  @Nullable Algorithm sized(int number) {
    long[] bytes = new long[1];
    boolean supported =
        c.dnn.supports(
            direction.call + "'s workspace size",
            () ->
                switch (direction) {
                  case FORWARD ->
                      JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                          c.dnn.handle, c.x, c.w, c.convolution, c.y, number, bytes);
                  case BACKWARD_INPUT ->
                      JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                          c.dnn.handle, c.w, c.y, c.convolution, c.x, number, bytes);
                  case BACKWARD_WEIGHT ->
                      JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                          c.dnn.handle, c.x, c.y, c.convolution, c.w, number, bytes);
                });
    return supported && bytes[0] <= LARGEST_WORKSPACE ? new Algorithm(number, bytes[0]) : null;
  }
}
