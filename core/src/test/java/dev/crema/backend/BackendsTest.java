package dev.crema.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.Tensor;
import org.junit.jupiter.api.Test;

class BackendsTest {

  @Test
  void aDeviceHasOneBackend() {
    assertThat(Backends.get(Device.cpu())).isSameAs(Tensor.ones(1).backend());
  }

  @Test
  void providersComeBestFirst() {
    assertThat(Backends.providers())
        .extracting(BackendProvider::rank)
        .isSortedAccordingTo((a, b) -> Integer.compare(b, a));
  }

  @Test
  void anUnknownDeviceIsAnErrorThatSaysWhatThereIs() {
    assertThatExceptionOfType(DeviceException.class)
        .isThrownBy(() -> Backends.get(new Device("tpu", 0)))
        .withMessageStartingWith("device tpu: no backend serves it; found: ")
        .withMessageContaining("reference")
        .withMessageEndingWith(
            ". Hint: use one of these, or put the jar of a tpu backend on the class or module"
                + " path");
  }

  @Test
  void devicesReadWhatTheyPrint() {
    assertThat(Device.parse("cpu")).isEqualTo(Device.cpu());
    assertThat(Device.parse("cuda:1")).isEqualTo(Device.cuda(1)).hasToString("cuda:1");
    assertThat(Device.cuda()).hasToString("cuda");
    assertThatExceptionOfType(DeviceException.class)
        .isThrownBy(() -> Device.parse("cuda:x"))
        .withMessage("device: expected a name such as cpu, cuda or cuda:1, got 'cuda:x'");
  }
}
