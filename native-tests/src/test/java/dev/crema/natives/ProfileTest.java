package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.bench.lab.NetworkStep;
import dev.crema.bench.profile.Call;
import dev.crema.bench.profile.Profile;
import dev.crema.bench.profile.Profiler;
import dev.crema.nn.models.Models;
import dev.crema.tensor.Device;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The profiler on the device's own clock: events on the compute stream, read at the end. */
@OnCpuDriver
@Execution(ExecutionMode.SAME_THREAD)
final class ProfileTest {
  @Test
  void totalsAddUpAndLaunchesAreThoseThatTheDriverSaw() {
    try (Profiler profiler = Profiler.open(Device.cuda());
        var step = new NetworkStep(Models.get("lenet"), 2, true, Device.cuda())) {
      step.run();
      profiler.start();
      step.run();
      profiler.stop();
      long events = CpuDriver.get().living("event");
      CpuDriver.get().reset();
      profiler.start();
      step.run();
      assertThat(CpuDriver.get().launches()).as("what ran without a wait").isEmpty();
      Profile profile = profiler.stop();
      assertThat(CpuDriver.get().living("event")).isEqualTo(events);
      assertThat(profile.betweenNanos()).isBetween(0L, profile.nanos());
      assertThat(profile.opNanos()).isPositive();
      long kernels = CpuDriver.get().launches().getOrDefault("", 0L);
      assertThat(kernels).isPositive();
      assertThat(profile.launches() - kernels).as("calls of libraries").isEqualTo(libraryCalls());
      assertThat(profile.calls().stream().filter(call -> call.op().equals("sgd_step")))
          .singleElement()
          .extracting(Call::launches)
          .isEqualTo(1L);
    }
  }

  /** Of cuBLAS and cuDNN, those that compute. */
  private static long libraryCalls() {
    return CpuDriver.get().calls().entrySet().stream()
        .filter(call -> call.getKey().matches("cublasGemm.*|cudnnConvolution.*"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
