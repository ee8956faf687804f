package dev.crema.cuda.cudnn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnDeterminism;

/**
 * One of cuDNN's algorithms for a direction of a convolution: the best by its heuristics, or with
 * {@code -Dcrema.cuda.conv=find} by measurement, of those that give the same bits every time and
 * want at most a gigabyte of workspace.
 *
 * @param number cuDNN's
 * @param workspace in bytes
 */
record Algorithm(int number, long workspace) {
  private static final boolean FIND =
      System.getProperty("crema.cuda.conv", "heuristics").equals("find");
  private static final int ASKED = 10;
  private static final long LARGEST_WORKSPACE = 1L << 30;

  /** An algorithm in the order that cuDNN prefers. */
  private record Candidate(int number, int status, int determinism) {
    private boolean willDo() {
      return status == 0 && determinism == cudnnDeterminism.CUDNN_DETERMINISTIC;
    }
  }

  static Optional<Algorithm> choose(DnnConvolution c, Direction direction) {
    List<Candidate> candidates =
        switch (direction) {
          case FORWARD -> forward(c);
          case BACKWARD_INPUT -> backwardInput(c);
          case BACKWARD_WEIGHT -> backwardWeight(c);
        };
    return candidates.stream()
        .filter(Candidate::willDo)
        .flatMap(candidate -> sized(c, direction, candidate.number))
        .filter(algorithm -> algorithm.workspace <= LARGEST_WORKSPACE)
        .findFirst();
  }

  private static Stream<Algorithm> sized(DnnConvolution c, Direction direction, int number) {
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
    return supported ? Stream.of(new Algorithm(number, bytes[0])) : Stream.empty();
  }

  /** The call that is asked for algorithms. */
  private static String name(String direction) {
    return FIND
        ? "cudnnFindConvolution%sAlgorithm".formatted(direction)
        : "cudnnGetConvolution%sAlgorithm_v7".formatted(direction);
  }

  private static List<Candidate> forward(DnnConvolution c) {
    var found = new cudnnConvolutionFwdAlgoPerf[ASKED];
    Arrays.setAll(found, _ -> new cudnnConvolutionFwdAlgoPerf());
    int[] count = new int[1];
    boolean supported =
        c.dnn.supports(
            name("Forward"),
            () ->
                FIND
                    ? JCudnn.cudnnFindConvolutionForwardAlgorithm(
                        c.dnn.handle, c.x, c.w, c.convolution, c.y, ASKED, count, found)
                    : JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(
                        c.dnn.handle, c.x, c.w, c.convolution, c.y, ASKED, count, found));
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; supported && i < count[0]; i++) {
      candidates.add(new Candidate(found[i].algo, found[i].status, found[i].determinism));
    }
    return candidates;
  }

  private static List<Candidate> backwardInput(DnnConvolution c) {
    var found = new cudnnConvolutionBwdDataAlgoPerf[ASKED];
    Arrays.setAll(found, _ -> new cudnnConvolutionBwdDataAlgoPerf());
    int[] count = new int[1];
    boolean supported =
        c.dnn.supports(
            name("BackwardData"),
            () ->
                FIND
                    ? JCudnn.cudnnFindConvolutionBackwardDataAlgorithm(
                        c.dnn.handle, c.w, c.y, c.convolution, c.x, ASKED, count, found)
                    : JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                        c.dnn.handle, c.w, c.y, c.convolution, c.x, ASKED, count, found));
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; supported && i < count[0]; i++) {
      candidates.add(new Candidate(found[i].algo, found[i].status, found[i].determinism));
    }
    return candidates;
  }

  private static List<Candidate> backwardWeight(DnnConvolution c) {
    var found = new cudnnConvolutionBwdFilterAlgoPerf[ASKED];
    Arrays.setAll(found, _ -> new cudnnConvolutionBwdFilterAlgoPerf());
    int[] count = new int[1];
    boolean supported =
        c.dnn.supports(
            name("BackwardFilter"),
            () ->
                FIND
                    ? JCudnn.cudnnFindConvolutionBackwardFilterAlgorithm(
                        c.dnn.handle, c.x, c.y, c.convolution, c.w, ASKED, count, found)
                    : JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                        c.dnn.handle, c.x, c.y, c.convolution, c.w, ASKED, count, found));
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; supported && i < count[0]; i++) {
      candidates.add(new Candidate(found[i].algo, found[i].status, found[i].determinism));
    }
    return candidates;
  }
}
