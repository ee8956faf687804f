package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Padding;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which way a convolution goes where cuDNN does not do it at once. */
@OnCpuDriver
final class ConvolutionsTest {
  private static final Device CUDA = Device.cuda();
  private static final int NOT_SUPPORTED = 3000;

  @BeforeEach
  @AfterEach
  void reset() {
    CpuDriver.get().reset();
  }

  @Test
  void byCublasWhereCudnnNamesNoAlgorithm() {
    CpuDriver.get().fail("cudnnGetConvolutionForwardAlgorithm_v7", 1, NOT_SUPPORTED);
    assertThat(sumOfOnes(11)).isEqualTo(81 * 9);
    assertThat(calls("cudnnConvolutionForward")).isZero();
    assertThat(calls("cublasGemmEx")).isOne();
  }

  @Test
  void byTheNextAlgorithmWhereTheBestDoesNotRun() {
    CpuDriver.get().fail("cudnnConvolutionForward", 1, NOT_SUPPORTED);
    assertThat(sumOfOnes(12)).isEqualTo(100 * 9);
    assertThat(calls("cudnnConvolutionForward")).isEqualTo(2);
    assertThat(sumOfOnes(12)).isEqualTo(100 * 9);
    assertThat(calls("cudnnConvolutionForward")).as("it is remembered").isEqualTo(3);
    assertThat(calls("cublasGemmEx")).isZero();
  }

  @Test
  void byCublasWhereNoAlgorithmRuns() {
    for (int algorithm = 0; algorithm < 2; algorithm++) {
      CpuDriver.get().reset();
      CpuDriver.get().fail("cudnnConvolutionForward", 1, NOT_SUPPORTED);
      assertThat(sumOfOnes(13)).isEqualTo(121 * 9);
    }
    assertThat(calls("cublasGemmEx")).isOne();
    assertThat(sumOfOnes(13)).isEqualTo(121 * 9);
    assertThat(calls("cudnnConvolutionForward")).as("it is remembered").isOne();
  }

  /** The sum of an image of ones that is convolved with nine ones. */
  private static double sumOfOnes(int side) {
    try (Scope _ = Scope.open("convolution")) {
      Tensor x = Tensor.full(Shape.of(1, 1, side, side), 1, DType.F32, CUDA);
      Tensor w = Tensor.full(Shape.of(1, 1, 3, 3), 1, DType.F32, CUDA);
      return x.conv2d(w, null, Conv2dOptions.DEFAULT).sum().item();
    }
  }

  @Test
  void byCublasWhereUnevenPaddingMakesTooLargeAnImage() {
    try (Scope _ = Scope.open("padding")) {
      int far = 50_000;
      Tensor x = Tensor.copyOf(new float[] {2, 3, 4, 5}, 1, 1, 2, 2).to(CUDA).requiresGrad_();
      Tensor w = Tensor.copyOf(new float[] {7}, 1, 1, 1, 1).to(CUDA).requiresGrad_();
      Conv2dOptions options =
          Conv2dOptions.DEFAULT
              .stride(far)
              .padding(new Padding.Explicit(far, far + 1, far, far + 1));
      Tensor y = x.conv2d(w, null, options);
      assertThat(y.toFloatArray()).containsExactly(0, 0, 0, 0, 14, 0, 0, 0, 0);
      y.sum().backward();
      assertThat(Objects.requireNonNull(x.grad()).toFloatArray()).containsExactly(7, 0, 0, 0);
      assertThat(Objects.requireNonNull(w.grad()).toFloatArray()).containsExactly(2);
    }
  }

  /** cuDNN leaves out what finds no room while it measures. */
  @Test
  void idleMemoryIsNotInTheWayOfMeasurements() {
    var options = Stream.concat(Java.onCpuDriver().stream(), Stream.of("-Dcrema.cuda.conv=find"));
    var result = Java.run(options.toList(), Map.of(), Measured.class);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out().lines()).containsExactlyElementsOf(List.of("sum 729.0", "freed true"));
  }

  /** A program that convolves after memory has become idle. */
  static final class Measured {
    private Measured() {}

    public static void main(String[] args) {
      Tensor.zeros(Shape.of(1 << 20), DType.F32, CUDA).close();
      System.out.println("sum " + sumOfOnes(11));
      System.out.println("freed " + (calls("cuMemFree_v2") > 0));
    }
  }

  private static long calls(String function) {
    return CpuDriver.get().calls().getOrDefault(function, 0L);
  }
}
