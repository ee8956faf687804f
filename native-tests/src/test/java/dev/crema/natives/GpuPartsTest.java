package dev.crema.natives;

import dev.crema.tensor.Device;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** On a GPU, what conformance cases are too small or too orderly for. */
@OnGpu
final class GpuPartsTest {
  @Nested
  final class Kernels extends LargeKernels {
    @Override
    void assertRan(String kernel) {} // a GPU counts nothing
  }

  @Nested
  final class Copies extends Transfers {}

  @Test
  void severalThreadsUseOneDevice() throws InterruptedException, ExecutionException {
    ThreadsTest.together(Device.cuda(), Device.cuda());
  }
}
