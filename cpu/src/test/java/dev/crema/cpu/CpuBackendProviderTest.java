package dev.crema.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import org.junit.jupiter.api.Test;

class CpuBackendProviderTest {
  @Test
  void theCpuIsFoundAsAService() {
    Backend backend = Backends.get(Device.cpu());
    assertThat(backend).isInstanceOf(CpuBackend.class);
    assertThat(backend.device()).isEqualTo(Device.cpu());
    assertThat(backend.description()).contains("threads: " + Parallel.numThreads());
  }

  @Test
  void thereIsOneCpu() {
    assertThatThrownBy(() -> Backends.get(new Device("cpu", 1)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("device cpu:1: there is one CPU device");
  }
}
