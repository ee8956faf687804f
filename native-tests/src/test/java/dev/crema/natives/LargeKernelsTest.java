package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

@OnCpuDriver
final class LargeKernelsTest extends LargeKernels {
  @Override
  void assertRan(String kernel) {
    assertThat(CpuDriver.get().launches()).containsKey(kernel);
  }
}
