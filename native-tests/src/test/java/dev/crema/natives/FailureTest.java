package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.crema.backend.Backends;
import dev.crema.cuda.Cuda;
import dev.crema.tensor.Device;
import dev.crema.tensor.TensorException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every call into the native libraries fails once: a typed error each time, and no leak. */
@OnCpuDriver
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
final class FailureTest {
  private static final Device CUDA = Device.cuda();

  /** What only words an error; or is asked about a thing once, without which work goes on. */
  private static final Set<String> OF_ERRORS =
      Set.of("cuGetErrorName", "cuGetErrorString", "cudnnGetErrorString");

  /** What failed while a tensor of the batch was closed, which throws nothing, is made up for. */
  private static final Set<String> FOR_CLOSING = Set.of("cuCtxSetCurrent", "cuEventRecord");

  /** The tensors of a batch that were sent: images and labels. */
  private static final int CLOSED = 2;

  private final Map<String, Integer> madeUpFor = new TreeMap<>();
  private final Map<String, Long> stepCalls = new TreeMap<>();
  private LeNetTraining training;

  @BeforeAll
  void countCalls() {
    training = new LeNetTraining(CUDA, 4, 64, 0);
    training.steps(2);
    Cuda.trim(CUDA);
    CpuDriver.get().reset();
    training.step();
    stepCalls.putAll(CpuDriver.get().calls());
    stepCalls.keySet().removeAll(OF_ERRORS);
    CpuDriver.get().reset();
  }

  @AfterAll
  void close() {
    if (training != null) {
      training.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyCallOfATrainingStep() {
    return stepCalls.entrySet().stream()
        .flatMap(
            call ->
                LongStream.rangeClosed(1, call.getValue())
                    .mapToObj(
                        n ->
                            dynamicTest(
                                call.getKey() + " " + n, () -> failsWell(call.getKey(), n))));
  }

  private void failsWell(String function, long nth) {
    Cuda.trim(CUDA);
    long buffers = Backends.get(CUDA).memoryStats().liveBuffers();
    Map<String, Long> living = CpuDriver.get().living();
    CpuDriver.get().fail(function, nth, status(function));

    Throwable error = catchThrowable(training::step);

    CpuDriver.get().reset();
    if (error == null && FOR_CLOSING.contains(function)) {
      assertThat(madeUpFor.merge(function, 1, Integer::sum)).isLessThanOrEqualTo(CLOSED);
    } else {
      assertThat(error).isInstanceOf(TensorException.class);
      assertThat(error).hasMessageContaining(function.replace("_v2", ""));
    }
    assertThat(training.step()).as("the next step").isNotNaN();
    Cuda.trim(CUDA);
    assertThat(Backends.get(CUDA).memoryStats().liveBuffers()).isEqualTo(buffers);
    assertThat(CpuDriver.get().living()).isEqualTo(living);
  }

  /** What a library says when something went wrong inside of it. */
  private static int status(String function) {
    return function.startsWith("cudnn") ? 4000 : function.startsWith("cublas") ? 14 : 999;
  }

  /** What is called but once in a program's life fails in one of its own. */
  @TestFactory
  Stream<DynamicTest> everyCallOfAFirstUse() {
    return FIRST_CALLS.stream()
        .map(function -> dynamicTest(function, () -> failsWellAtFirst(function)));
  }

  private static final List<String> FIRST_CALLS =
      List.of(
          "cuInit",
          "cuDriverGetVersion",
          "cuDeviceGetCount",
          "cuDeviceGet",
          "cuDeviceGetName",
          "cuDeviceGetAttribute",
          "cuDeviceTotalMem_v2",
          "cuDevicePrimaryCtxRetain",
          "cuStreamCreate",
          "cuModuleLoadDataEx",
          "cuModuleGetFunction",
          "cuMemAlloc_v2",
          "cuMemAllocHost_v2",
          "cuEventCreate",
          "cublasCreate_v2",
          "cublasSetStream_v2",
          "cublasGemmEx",
          "cudnnCreate",
          "cudnnSetStream",
          "cudnnCreateTensorDescriptor",
          "cudnnCreateConvolutionDescriptor",
          "cudnnCreateActivationDescriptor",
          "cudnnGetConvolutionForwardAlgorithm_v7",
          "cudnnGetConvolutionForwardWorkspaceSize");

  /** What decides, once for this program, whether there is CUDA. */
  private static final Set<String> ONCE_FOR_ALL =
      Set.of("cuInit", "cuDriverGetVersion", "cuDeviceGetCount");

  private void failsWellAtFirst(String function) {
    var result =
        Java.run(
            Java.onCpuDriver(),
            Map.of(),
            FirstUse.class,
            function,
            String.valueOf(status(function)));
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out().lines().findFirst().orElse(""))
        .matches("first: [A-Za-z]+Exception: .*");
    assertThat(result.out())
        .contains(ONCE_FOR_ALL.contains(function) ? "then: DeviceException: " : "then: sum 648.0");
  }
}
