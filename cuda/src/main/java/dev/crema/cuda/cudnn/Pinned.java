package dev.crema.cuda.cudnn;

import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.cudnn.Algorithms.Algorithm;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.Natives;
import dev.crema.tensor.UnsupportedOpException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution by one algorithm, whatever the heuristics say: for benches.
 *
 * @param name such as {@code implicit_precomp_gemm}
 * @param declined why it cannot do this plan, or null when it can
 * @param workspaceBytes what it wants of scratch memory
 * @param auto whether this is what {@link Convolution} takes
 * @param body does it: the two operands, then the result
 */
public record Pinned(
    String name, @Nullable String declined, long workspaceBytes, boolean auto, Body body) {
  /** cuDNN's, by number. */
  private static final List<String> FORWARD =
      List.of(
          "implicit_gemm",
          "implicit_precomp_gemm",
          "gemm",
          "direct",
          "fft",
          "fft_tiling",
          "winograd",
          "winograd_nonfused");

  private static final List<String> BACKWARD_INPUT =
      List.of("algo_0", "algo_1", "fft", "fft_tiling", "winograd", "winograd_nonfused");
  private static final List<String> BACKWARD_WEIGHT =
      List.of("algo_0", "algo_1", "fft", "algo_3", "winograd", "winograd_nonfused", "fft_tiling");

  /** Computes c from a and b. */
  @FunctionalInterface
  public interface Body {
    /**
     * Puts the work on the device's stream.
     *
     * @throws UnsupportedOpException where cuDNN says only now that it cannot do it
     */
    void run(View a, View b, View c);
  }

  /** Every algorithm of cuDNN, where there is one that pads so, and im2col with cuBLAS. */
  public static List<Pinned> all(CudaDevice d, Conv2dPlan p, Direction direction) {
    List<Pinned> all = new ArrayList<>();
    if (Natives.get().dnnFault() == null && Convolution.isEven(p)) {
      Dnn dnn = Dnn.of(d);
      synchronized (dnn) {
        addDnn(dnn, p, direction, all);
      }
    }
    boolean byDnn = all.stream().anyMatch(Pinned::auto);
    Body im2col = (a, b, c) -> im2col(d, p, direction, a, b, c);
    try {
      long scratch = Im2colConvolution.scratch(d, p);
      all.add(new Pinned("im2col", null, scratch, !byDnn, im2col));
    } catch (UnsupportedOpException e) {
      all.add(new Pinned("im2col", e.getMessage(), 0, !byDnn, im2col));
    }
    return all;
  }

  private static void addDnn(Dnn dnn, Conv2dPlan p, Direction direction, List<Pinned> all) {
    Algorithms algorithms = dnn.convolution(p).algorithms(direction);
    Algorithm best = algorithms.best();
    List<String> names =
        switch (direction) {
          case FORWARD -> FORWARD;
          case BACKWARD_INPUT -> BACKWARD_INPUT;
          case BACKWARD_WEIGHT -> BACKWARD_WEIGHT;
        };
    for (int number = 0; number < names.size(); number++) {
      String name = names.get(number);
      Algorithm algorithm = algorithms.sized(number);
      all.add(
          algorithm == null
              ? new Pinned(
                  name,
                  "cuDNN does not support it here, or it wants more than 1 GiB of workspace",
                  0,
                  false,
                  (_, _, _) -> {})
              : new Pinned(
                  name,
                  null,
                  algorithm.workspace(),
                  algorithm.equals(best),
                  (a, b, c) -> byDnn(dnn, p, direction, algorithm, name, a, b, c)));
    }
  }

  private static void byDnn(
      Dnn dnn,
      Conv2dPlan p,
      Direction direction,
      Algorithm algorithm,
      String name,
      View a,
      View b,
      View c) {
    dnn.device.begin("conv2d");
    synchronized (dnn) {
      long[] from = {CudaBuffer.address(a), CudaBuffer.address(b)};
      if (!dnn.convolution(p).run(direction, algorithm, from, CudaBuffer.address(c))) {
        throw new UnsupportedOpException(
            "conv2d: cuDNN has a workspace size for %s (%s of %s), and does not run it"
                .formatted(name, direction, p));
      }
    }
  }

  private static void im2col(
      CudaDevice d, Conv2dPlan p, Direction direction, View a, View b, View c) {
    d.begin("conv2d");
    switch (direction) {
      case FORWARD -> Im2colConvolution.forward(d, p, a, b, c);
      case BACKWARD_INPUT -> Im2colConvolution.backwardInput(d, p, a, b, c);
      case BACKWARD_WEIGHT -> Im2colConvolution.backwardWeight(d, p, a, b, c);
    }
  }
}
