package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.OutOfMemoryException;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** On a GPU, what conformance cases are too small or too orderly for. */
@OnGpu
final class GpuPartsTest {
  private static final Device CUDA = Device.cuda();

  @Nested
  final class Kernels extends LargeKernels {
    @Override
    void assertRan(String kernel) {} // a GPU counts nothing
  }

  @Nested
  final class Copies extends Transfers {}

  @Nested
  final class Graphs extends CapturedSteps {}

  @Nested
  final class ChannelsLast extends ChannelsLastSteps {}

  /** Lines that end where an int does, whose last segments and steps must not pass it. */
  @Test
  void theLongestLines() {
    try (Scope _ = Scope.open("longest")) {
      Shape most = Shape.of(1, 1, Integer.MAX_VALUE);
      Tensor x = Tensor.full(most, 3, DType.F32, CUDA);
      assertThat(x.argmax(2).item()).isZero();
      try (Tensor y = x.softmax(2)) {
        assertThat(y.sum().item()).isCloseTo(1, within(1e-6));
      }
      Tensor mean = Tensor.zeros(Shape.of(1), DType.F32, CUDA);
      Tensor var = Tensor.full(Shape.of(1), 1, DType.F32, CUDA);
      x.batchNormTraining(null, null, mean, var, 1, 1e-5);
      assertThat(mean.item()).isEqualTo(3);
      assertThat(var.item()).isZero();
    } catch (OutOfMemoryException e) {
      abort("20 GB of device memory are wanted: " + e.getMessage());
    }
  }

  @Test
  void severalThreadsUseOneDevice() throws InterruptedException, ExecutionException {
    ThreadsTest.together(Device.cuda(), Device.cuda());
  }
}
