package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.Backends;
import dev.crema.bench.lab.NetworkStep;
import dev.crema.bench.profile.Call;
import dev.crema.bench.profile.Profile;
import dev.crema.bench.profile.Profiler;
import dev.crema.cuda.Cuda;
import dev.crema.nn.models.Models;
import dev.crema.tensor.CapturedStep;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
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

  @Test
  void aCapturedStepRunsAsAWholeWhoeverLooksOn() {
    Device cuda = Device.cuda();
    try (Scope _ = Scope.open("test")) {
      Tensor total = Tensor.zeros(2).to(cuda);
      Tensor one = Tensor.ones(2).to(cuda);
      CapturedStep step = CapturedStep.of(cuda, in -> total.add_(in.getFirst()));
      try (step;
          Profiler profiler = Profiler.open(cuda)) {
        profiler.start();
        step.run(one);
        assertThat(profiler.stop().calls()).extracting(Call::op).contains("add");
        profiler.start();
        step.run(one);
        step.run(one);
        Profile later = profiler.stop();
        assertThat(later.calls()).extracting(Call::op).containsOnly("copy");
        assertThat(later.betweenNanos()).isPositive();
      }
      assertThat(Backends.get(cuda)).isSameAs(Backends.unwatched(cuda));
      assertThat(total.toFloatArray()).containsOnly(3);
      Cuda.synchronize(cuda);
    }
  }

  @Test
  void whatAProgramWantsOfAGpuWorksUnderAProfilerToo() {
    try (Profiler _ = Profiler.open(Device.cuda());
        CapturedStep step =
            CapturedStep.of(Device.cuda(), in -> in.getFirst().mul(in.getFirst()))) {
      Cuda.synchronize(Device.cuda());
      for (int i = 0; i < 3; i++) {
        try (Tensor x = Tensor.scalar(i, DType.F32, Device.cuda())) {
          assertThat(step.run(x).item()).isEqualTo(i * i);
        }
      }
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
